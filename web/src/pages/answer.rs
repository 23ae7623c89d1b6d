//! An answer to a call, for a page to follow.

use std::future::Future;

use leptos::prelude::*;

use crate::api::Run;

/// The latest answer to a question that may be asked again. Unlike a resource it lets go of a
/// call as soon as there is a newer one, or the page is left: the server is spared the work.
pub(super) struct Answer<T> {
    latest: RwSignal<Option<T>>,
    run: Run,
}

// Derived, these would want the same of `T`.
impl<T> Clone for Answer<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Answer<T> {}

impl<T: Clone + Send + Sync + 'static> Answer<T> {
    /// Nothing asked yet.
    pub(super) fn new() -> Self {
        Self {
            latest: RwSignal::new(None),
            run: Run::new(),
        }
    }

    /// Asks. The answer before stays until there is a new one.
    pub(super) fn ask(self, call: impl Future<Output = T> + 'static) {
        self.run.start(async move {
            let answer = call.await;
            self.latest.try_set(Some(answer));
        });
    }

    /// The latest answer, tracked.
    pub(super) fn get(self) -> Option<T> {
        self.latest.get()
    }

    /// What `read` makes of the latest answer, tracked.
    pub(super) fn with<U>(self, read: impl FnOnce(Option<&T>) -> U) -> U {
        self.latest.with(|latest| read(latest.as_ref()))
    }
}
