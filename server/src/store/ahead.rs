//! What a reader is asked for ahead of its time, so that it reads while the last batch is taken.

use tokio::sync::oneshot;

use super::{
    Store,
    reader::{Ask, Reply},
};
use crate::directory::Error;

/// The next batch, where a reader was asked for it already. One and no more.
pub(super) struct Ahead<T>(Option<oneshot::Receiver<Result<T, Error>>>);

impl<T> Ahead<T> {
    pub(super) fn nothing() -> Self {
        Self(None)
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.is_some()
    }

    /// Asks, where a reader has room for one more question.
    pub(super) fn ask(&mut self, store: &Store, ask: impl FnOnce(Reply<T>) -> Ask) {
        if let Ok(permit) = store.reader().try_reserve() {
            let (reply, answer) = oneshot::channel();
            permit.send(ask(reply));
            self.0 = Some(answer);
        }
    }

    /// What was asked for; asks now where nothing was, as soon as a reader has room.
    pub(super) async fn take(
        &mut self,
        store: &Store,
        ask: impl FnOnce(Reply<T>) -> Ask,
    ) -> Result<T, Error> {
        let answer = if let Some(answer) = self.0.take() {
            answer
        } else {
            let (reply, answer) = oneshot::channel();
            let asked = store.reader().send(ask(reply)).await;
            asked.map_err(|_| Error::ShuttingDown)?;
            answer
        };
        answer.await.unwrap_or(Err(Error::ShuttingDown))
    }
}
