//! A task that can be let go of.

use std::{future::Future, pin::Pin};

use futures_util::future::{AbortHandle, abortable};
use leptos::{prelude::*, task::spawn_local};

/// At most one task. It ends when the next one starts, when it is told to, and when the owner
/// that made this goes: what it holds is dropped, and with it the call.
#[derive(Clone, Copy)]
pub struct Run(StoredValue<Option<AbortHandle>>);

impl Run {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        let run = Self(StoredValue::new(None));
        on_cleanup(move || run.stop());
        run
    }

    /// Runs `task`, and nothing else.
    pub fn start(self, task: impl Future<Output = ()> + 'static) {
        self.start_boxed(Box::pin(task));
    }

    /// Apart from the above so that it is compiled once, and not once for each task.
    fn start_boxed(self, task: Pin<Box<dyn Future<Output = ()>>>) {
        self.stop();
        let (task, handle) = abortable(task);
        self.0.try_set_value(Some(handle));
        spawn_local(async {
            // Aborted or not: there is nothing more to do.
            _ = task.await;
        });
    }

    /// Ends the task, where there is one.
    pub fn stop(self) {
        if let Some(handle) = self.0.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    }
}

impl Default for Run {
    fn default() -> Self {
        Self::new()
    }
}
