//! A stream as signals.

use std::future::Future;

use leptos::prelude::*;

use super::{Failure, Run, clock};
use crate::model::{Kept, stream::State};

/// Messages as they come in. Dropping it cancels the call.
pub trait Messages {
    /// A message.
    type Item;

    /// The next one, or `None` after the last.
    fn next(&mut self) -> impl Future<Output = Option<Result<Self::Item, Failure>>>;
}

/// What has come of a stream, and how far it is. The stream is cancelled when another is followed
/// in its stead, when it is stopped, and when the owner that made this goes.
pub struct Stream<T: 'static> {
    state: RwSignal<State>,
    items: RwSignal<Kept<T>>,
    began: StoredValue<u32>,
    lasted: RwSignal<u32>,
    run: Run,
}

// Derived, these would want the same of `T`.
impl<T> Clone for Stream<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Stream<T> {}

impl<T: Send + Sync + 'static> Stream<T> {
    /// Nothing is followed yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            state: RwSignal::new(State::Idle),
            items: RwSignal::new(Kept::default()),
            began: StoredValue::new(0),
            lasted: RwSignal::new(0),
            run: Run::new(),
        }
    }

    /// How far it is.
    #[must_use]
    pub fn state(self) -> ReadSignal<State> {
        self.state.read_only()
    }

    /// What has come, and stays when it ends.
    #[must_use]
    pub fn items(self) -> RwSignal<Kept<T>> {
        self.items
    }

    /// How long it went on, in tenths of a millisecond, once it is over.
    #[must_use]
    pub fn lasted(self) -> ReadSignal<u32> {
        self.lasted.read_only()
    }

    /// Follows what `opening` opens; `take` puts each message where it belongs. What has come
    /// before stays.
    pub fn follow<M: Messages>(
        self,
        opening: impl Future<Output = Result<M, Failure>> + 'static,
        take: impl Fn(&mut Kept<T>, M::Item) + 'static,
    ) {
        self.began.set_value(clock::tenths());
        self.state.set(State::Connecting);
        self.run.start(async move {
            let end = match self.read(opening, take).await {
                Ok(()) => State::Ended,
                Err(failure) => State::Failed(failure),
            };
            self.end(end);
        });
    }

    async fn read<M: Messages>(
        self,
        opening: impl Future<Output = Result<M, Failure>>,
        take: impl Fn(&mut Kept<T>, M::Item),
    ) -> Result<(), Failure> {
        let mut messages = opening.await?;
        self.state.try_set(State::Live);
        while let Some(message) = messages.next().await {
            let message = message?;
            self.items.try_update(|items| take(items, message));
        }
        Ok(())
    }

    /// As if nothing had been asked for yet.
    pub fn clear(self) {
        self.run.stop();
        self.items.update(Kept::clear);
        self.state.set(State::Idle);
    }

    /// Ends it, where it is under way.
    pub fn stop(self) {
        self.run.stop();
        if self.state.with_untracked(State::is_underway) {
            self.end(State::Stopped);
        }
    }

    fn end(self, end: State) {
        let began = self.began.try_get_value().unwrap_or_default();
        self.lasted.try_set(clock::tenths().wrapping_sub(began));
        self.state.try_set(end);
    }
}

impl<T: Send + Sync + 'static> Default for Stream<T> {
    fn default() -> Self {
        Self::new()
    }
}
