use std::{future::Future, pin::Pin};

use futures_util::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

/// Runs at most one task. The task is aborted when the next one starts, by [`TaskSlot::abort`], and
/// when the owner that created the slot is disposed: its future is dropped, and with it the call.
#[derive(Clone, Copy)]
pub struct TaskSlot(StoredValue<Option<AbortHandle>>);

impl TaskSlot {
    pub(crate) fn new() -> Self {
        let slot = Self(StoredValue::new(None));
        on_cleanup(move || slot.abort());
        slot
    }

    pub fn spawn(self, task: impl Future<Output = ()> + 'static) {
        self.spawn_boxed(Box::pin(task));
    }

    /// Separate so that it is compiled once, not for each type of task.
    fn spawn_boxed(self, task: Pin<Box<dyn Future<Output = ()>>>) {
        self.abort();
        let (task, handle) = abortable(task);
        self.0.try_set_value(Some(handle));
        spawn_local(async { _ = task.await });
    }

    pub fn abort(self) {
        if let Some(handle) = self.0.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    }
}
