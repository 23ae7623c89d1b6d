use std::{
    any::Any,
    fmt, mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

type Guards = Vec<Box<dyn Any + Send>>;

/// A response extension for calls that outlive their HTTP response.
///
/// The body of a response that opens a WebSocket ends at once, while the call only begins. Layers
/// that hold something until the response has ended (a permit, an access log entry) give it to this
/// to hold instead. The [`Outcome`](crate::server::Outcome) beside it receives the call's status.
#[derive(Clone, Default)]
pub struct UpgradedCall {
    call: Arc<Mutex<Guards>>,
    socket: Arc<Mutex<Guards>>,
}

impl UpgradedCall {
    /// Drops `guard` when the call has ended, or turns out never to begin.
    pub fn hold_until_call_ends(&self, guard: impl Send + 'static) {
        lock(&self.call).push(Box::new(guard));
    }

    /// Drops `guard` when the socket has been closed, shortly after the call has ended.
    pub fn hold_until_socket_closes(&self, guard: impl Send + 'static) {
        lock(&self.socket).push(Box::new(guard));
    }

    /// Releases the guards of the call. Those of the socket are released when `self` is dropped.
    pub(super) fn end_call(&self) {
        let guards = mem::take(&mut *lock(&self.call));
        // Dropping a guard may take a while, so it happens outside the lock.
        drop(guards);
    }
}

fn lock(guards: &Mutex<Guards>) -> MutexGuard<'_, Guards> {
    guards.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for UpgradedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpgradedCall").finish_non_exhaustive()
    }
}
