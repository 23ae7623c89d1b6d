use std::future::Future;

use leptos::prelude::*;

use crate::api::task::TaskSlot;

/// The latest response to a call that can be repeated. Unlike a Leptos resource, it cancels a call
/// as soon as there is a newer one or its owner is disposed, so that the server can stop working on
/// it.
pub(super) struct LatestResponse<T> {
    response: RwSignal<Option<T>>,
    task: TaskSlot,
}

// Deriving these would require `T: Clone` and `T: Copy`.
impl<T> Clone for LatestResponse<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for LatestResponse<T> {}

impl<T: Clone + Send + Sync + 'static> LatestResponse<T> {
    pub(super) fn new() -> Self {
        Self {
            response: RwSignal::new(None),
            task: TaskSlot::new(),
        }
    }

    /// Starts a call. The previous response stays until there is a new one.
    pub(super) fn load(self, call: impl Future<Output = T> + 'static) {
        self.task.spawn(async move {
            let response = call.await;
            self.response.try_set(Some(response));
        });
    }

    /// The latest response, tracked.
    pub(super) fn get(self) -> Option<T> {
        self.response.get()
    }

    /// Reads the latest response, tracked.
    pub(super) fn with<U>(self, read: impl FnOnce(Option<&T>) -> U) -> U {
        self.response.with(|response| read(response.as_ref()))
    }
}
