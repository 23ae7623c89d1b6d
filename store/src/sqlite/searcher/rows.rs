//! The users of a list that was searched or sorted, as they are found.

use futures_util::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use tokio::sync::{mpsc::error::TrySendError, oneshot};

use super::{super::Store, Batch, ReadRequest, list_plan::ListPlan};
use frontdesk_directory::{Error, User};

/// The users of a list, in batches. While one batch is sent, the next is found, and no more than
/// that; dropping it ends the finding.
pub type FoundRows = BoxStream<'static, Result<Vec<User>, Error>>;

enum Next {
    /// StoredUser, and not taken yet.
    StoredUser(Batch),
    /// The finders have been asked.
    Asked(oneshot::Receiver<Result<Batch, Error>>),
    /// The finders have too much to do: they are asked when they can be.
    Full(Box<ListPlan>),
    Ended,
}

/// The users of a list that begins with these.
pub(in super::super) fn rows(store: Store, batch: Batch) -> FoundRows {
    stream::try_unfold((store, Next::StoredUser(batch)), next).boxed()
}

async fn next(
    (store, mut next): (Store, Next),
) -> Result<Option<(Vec<User>, (Store, Next))>, Error> {
    loop {
        let Batch { users, rest } = match next {
            Next::StoredUser(batch) => batch,
            Next::Asked(answer) => answer.await.unwrap_or(Err(Error::ShuttingDown))?,
            Next::Full(course) => {
                let (reply, answer) = oneshot::channel();
                let asked = store
                    .finders()?
                    .send(ReadRequest::Next(course, reply))
                    .await;
                asked.map_err(|_| Error::ShuttingDown)?;
                next = Next::Asked(answer);
                continue;
            }
            Next::Ended => return Ok(None),
        };
        next = match rest {
            Some(course) => ask(&store, course)?,
            None => Next::Ended,
        };
        if !users.is_empty() {
            return Ok(Some((users, (store, next))));
        }
    }
}

/// Has the finders go on, where they can take it on at once.
fn ask(store: &Store, course: Box<ListPlan>) -> Result<Next, Error> {
    let (reply, answer) = oneshot::channel();
    match store.finders()?.try_send(ReadRequest::Next(course, reply)) {
        Ok(()) => Ok(Next::Asked(answer)),
        Err(TrySendError::Full(ReadRequest::Next(course, _))) => Ok(Next::Full(course)),
        Err(_) => Err(Error::ShuttingDown),
    }
}
