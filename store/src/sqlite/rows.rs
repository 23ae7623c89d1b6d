//! The users of a list, as they are read.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use tokio::sync::{mpsc, oneshot};

use super::{
    Store,
    reader::{ReadRequest, Rest},
};
use frontdesk_directory::{Error, User};

/// The users of a list, in batches. While one batch is sent, the next is read, and no more than
/// that; dropping it ends the reading.
pub struct Rows {
    /// Before `store`: it may hold a sender of a reader's queue, and the last store that goes waits
    /// for the readers, who wait for the last sender.
    state: State,
    store: Store,
}

enum State {
    /// Read, and not taken yet.
    Read(Vec<User>, Option<Rest>),
    /// The reader has been asked.
    Asked(oneshot::Receiver<Result<Vec<User>, Error>>, Rest),
    /// The reader has too much to do: waiting until it can be asked.
    Queueing(Queueing, Rest),
    Ended,
}

impl State {
    /// What the reader is asked for these, and to have asked it.
    fn asking(rest: Rest) -> (ReadRequest, Self) {
        let (reply, answer) = oneshot::channel();
        (ReadRequest::Next(rest, reply), Self::Asked(answer, rest))
    }
}

type Queueing = Pin<Box<dyn Future<Output = Result<mpsc::OwnedPermit<ReadRequest>, Error>> + Send>>;

impl Rows {
    pub(super) fn new(store: Store, users: Vec<User>, rest: Option<Rest>) -> Self {
        let state = State::Read(users, rest);
        Self { state, store }
    }

    fn ask(&self, rest: Rest) -> State {
        let reader = self.store.reader();
        match reader.try_reserve() {
            Ok(permit) => {
                let (ask, asked) = State::asking(rest);
                permit.send(ask);
                asked
            }
            Err(mpsc::error::TrySendError::Full(())) => {
                let reader = reader.clone();
                let permit = async {
                    reader
                        .reserve_owned()
                        .await
                        .map_err(|_| Error::ShuttingDown)
                };
                State::Queueing(Box::pin(permit), rest)
            }
            Err(mpsc::error::TrySendError::Closed(())) => State::Ended,
        }
    }

    /// Hands out what has been read, and has the reader go on meanwhile.
    fn take(&mut self, users: Vec<User>, rest: Option<Rest>) -> Option<Result<Vec<User>, Error>> {
        self.state = rest.map_or(State::Ended, |rest| self.ask(rest));
        if rest.is_some() && matches!(self.state, State::Ended) {
            return Some(Err(Error::ShuttingDown));
        }
        (!users.is_empty()).then_some(Ok(users))
    }
}

impl Stream for Rows {
    type Item = Result<Vec<User>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match &mut this.state {
                State::Read(users, rest) => {
                    let (users, rest) = (std::mem::take(users), *rest);
                    return Poll::Ready(this.take(users, rest));
                }
                State::Asked(answer, rest) => {
                    let rest = *rest;
                    let answer = ready!(Pin::new(answer).poll(context));
                    return Poll::Ready(match answer.unwrap_or(Err(Error::ShuttingDown)) {
                        Ok(users) => {
                            let rest = rest.behind(&users);
                            this.take(users, rest)
                        }
                        Err(error) => {
                            this.state = State::Ended;
                            Some(Err(error))
                        }
                    });
                }
                State::Queueing(permit, rest) => {
                    let rest = *rest;
                    match ready!(permit.as_mut().poll(context)) {
                        Ok(permit) => {
                            let (ask, asked) = State::asking(rest);
                            permit.send(ask);
                            this.state = asked;
                        }
                        Err(error) => {
                            this.state = State::Ended;
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                }
                State::Ended => return Poll::Ready(None),
            }
        }
    }
}
