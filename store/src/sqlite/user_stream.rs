//! The users of a list as a stream.

use std::sync::Arc;

use frontdesk_directory::{Error, User, UserList, UserStream};
use futures_util::stream;
use tokio::sync::mpsc;

use super::{
    list::{ListBatch, ListStart},
    shared::Shared,
};
use crate::{
    prefetch::{Prefetch, Queue},
    reply::Reply,
};

/// What is left of a list, and how it is requested.
pub(super) trait Remainder: Sized + Send + 'static {
    type Request: Send + 'static;

    fn sender(shared: &Shared) -> Result<&mpsc::Sender<Self::Request>, Error>;

    fn request(self, reply: Reply<ListBatch<Self>>) -> Self::Request;
}

/// A list that was started; it keeps the store open while it is read.
pub(super) fn user_list<P: Remainder>(shared: &Arc<Shared>, start: ListStart<P>) -> UserList {
    UserList {
        total: start.total,
        revision: start.revision,
        next: start.next,
        users: user_stream(Arc::clone(shared), start.batch),
    }
}

fn user_stream<P: Remainder>(shared: Arc<Shared>, first: ListBatch<P>) -> UserStream {
    let reading = Reading {
        first: Some(first),
        rest: None,
        prefetch: Prefetch::idle(),
        shared,
    };
    Box::pin(stream::try_unfold(reading, async |mut reading| {
        Ok(reading.next().await?.map(|users| (users, reading)))
    }))
}

struct Reading<P> {
    first: Option<ListBatch<P>>,
    /// Not requested yet: the queue was full.
    rest: Option<P>,
    prefetch: Prefetch<ListBatch<P>>,
    shared: Arc<Shared>,
}

impl<P: Remainder> Reading<P> {
    async fn next(&mut self) -> Result<Option<Vec<User>>, Error> {
        loop {
            let queue = Queue {
                sender: P::sender(&self.shared)?,
                permits: None,
            };
            if let Some(rest) = self.rest.take() {
                let slot = queue.reserve().await?;
                self.prefetch.request(slot, |reply| rest.request(reply));
            }
            let batch = match self.first.take() {
                Some(first) => Some(first),
                None => self.prefetch.receive().await?,
            };
            let Some(batch) = batch else {
                return Ok(None);
            };
            if let Some(rest) = batch.rest {
                match queue.try_reserve()? {
                    Some(slot) => self.prefetch.request(slot, |reply| rest.request(reply)),
                    None => self.rest = Some(rest),
                }
            }
            if !batch.users.is_empty() {
                return Ok(Some(batch.users));
            }
        }
    }
}
