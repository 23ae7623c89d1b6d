//! The threads of a store.

use std::{io, thread};

/// Starts a thread. If it panics, the process aborts: otherwise every request would fail as if the
/// server were shutting down, while the server reports that it serves. The database stays consistent,
/// as after a kill.
pub(super) fn spawn(
    name: impl Into<String>,
    work: impl FnOnce() + Send + 'static,
) -> io::Result<thread::JoinHandle<()>> {
    struct AbortOnPanic;

    impl Drop for AbortOnPanic {
        fn drop(&mut self) {
            if thread::panicking() {
                // The panic hook has printed the message.
                std::process::abort();
            }
        }
    }

    thread::Builder::new().name(name.into()).spawn(move || {
        let _guard = AbortOnPanic;
        work();
    })
}

/// Waits for a thread of [`spawn`], which never ends by a panic.
pub(super) fn join(thread: thread::JoinHandle<()>) {
    thread.join().ok();
}
