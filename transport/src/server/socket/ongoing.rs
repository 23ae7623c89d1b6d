//! A call that goes on when its HTTP answer has long been given.

use std::{
    any::Any,
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

type Held = Vec<Box<dyn Any + Send>>;

/// Stands in the extensions of an answer that switches protocols: its body ends at once, and the
/// call only begins. Whoever holds something until an answer has ended gives it here to hold.
///
/// The [`Outcome`](crate::server::Outcome) beside it says what became of the call.
#[derive(Clone, Default)]
pub struct Ongoing {
    call: Arc<Mutex<Held>>,
    socket: Arc<Mutex<Held>>,
}

impl Ongoing {
    /// Keeps `held` until the call has ended, or is known never to begin; then drops it.
    pub fn until_the_call_ends(&self, held: impl Send + 'static) {
        lock(&self.call).push(Box::new(held));
    }

    /// Keeps `held` until the socket is closed, which is a little later; then drops it.
    pub fn until_the_socket_closes(&self, held: impl Send + 'static) {
        lock(&self.socket).push(Box::new(held));
    }

    /// To be said by whoever carries the call out; the socket's end is when this is dropped.
    pub(super) fn call_ended(&self) {
        let held = mem::take(&mut *lock(&self.call));
        // Dropping may take a while: not under the lock.
        drop(held);
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Ongoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ongoing").finish_non_exhaustive()
    }
}
