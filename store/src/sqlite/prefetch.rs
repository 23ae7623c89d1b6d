//! What a reader is asked for ahead of its time, so that it reads while the last batch is taken.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{
    Store,
    reader::{ReadRequest, Reply},
};
use frontdesk_directory::Error;

/// Whose turn it is to have the record read: a few for each reader, however many are behind. So who
/// looks up a user does not wait for thousands who come back at a time.
#[derive(Debug)]
pub(super) struct Permits(Arc<Semaphore>);

/// A question's turn; given back when it is answered.
#[derive(Debug)]
pub(super) struct Permit(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Permits {
    /// While a reader is at one question, the next waits for it.
    pub(super) fn of(readers: usize) -> Self {
        Self(Arc::new(Semaphore::new(2 * readers)))
    }

    fn free(&self) -> Option<Permit> {
        Arc::clone(&self.0).try_acquire_owned().ok().map(Permit)
    }

    async fn next(&self) -> Result<Permit, Error> {
        let turn = Arc::clone(&self.0).acquire_owned().await;
        turn.map(Permit).map_err(|_| Error::ShuttingDown)
    }
}

/// The next batch, where a reader was asked for it already. One and no more.
pub(super) struct Prefetch<T>(Option<oneshot::Receiver<Result<T, Error>>>);

impl<T> Prefetch<T> {
    pub(super) fn nothing() -> Self {
        Self(None)
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.is_some()
    }

    /// Asks, where nobody else waits for that.
    pub(super) fn ask(&mut self, store: &Store, ask: impl FnOnce(Reply<T>, Permit) -> ReadRequest) {
        if let Some(turn) = store.0.turns.free()
            && let Ok(permit) = store.reader().try_reserve()
        {
            let (reply, answer) = oneshot::channel();
            permit.send(ask(reply, turn));
            self.0 = Some(answer);
        }
    }

    /// What was asked for; asks now where nothing was, when it is its turn.
    pub(super) async fn take(
        &mut self,
        store: &Store,
        ask: impl FnOnce(Reply<T>, Permit) -> ReadRequest,
    ) -> Result<T, Error> {
        let answer = if let Some(answer) = self.0.take() {
            answer
        } else {
            let turn = store.0.turns.next().await?;
            let (reply, answer) = oneshot::channel();
            let asked = store.reader().send(ask(reply, turn)).await;
            asked.map_err(|_| Error::ShuttingDown)?;
            answer
        };
        answer.await.unwrap_or(Err(Error::ShuttingDown))
    }
}
