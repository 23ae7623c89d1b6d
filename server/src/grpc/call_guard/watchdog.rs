//! Ending a stream that hyper does not poll.
//!
//! hyper polls a body only while its client accepts data. So a task watches each stream: at the
//! deadline, or when a message has waited too long, it drops the handler's stream with its resources,
//! and leaves the reason for the next poll.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, sleep_until},
};
use tokio_util::task::AbortOnDropHandle;

use super::{consumer::Consumer, deadline::Deadline, end_reason::EndReason};

/// The state that a body and its watchdog share.
pub(super) struct Shared<B>(Mutex<State<B>>);

pub(super) struct State<B> {
    pub(super) stream: Stream<B>,
    /// Since when a message has been waiting to be sent: hyper polls for the next one once it is.
    pub(super) waiting_since: Option<Instant>,
}

pub(super) enum Stream<B> {
    Open(B),
    /// Dropped, which cancels the handler.
    Ended(
        EndReason,
        #[expect(dead_code, reason = "held until the body is dropped")]
        Option<OwnedSemaphorePermit>,
    ),
}

impl<B> Shared<B> {
    pub(super) fn new(inner: B, waiting_since: Option<Instant>) -> Arc<Self> {
        let stream = Stream::Open(inner);
        Arc::new(Self(Mutex::new(State {
            stream,
            waiting_since,
        })))
    }

    /// A panic under the lock has been caught by an outer layer, and leaves the state consistent.
    pub(super) fn lock(&self) -> MutexGuard<'_, State<B>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the stream, without holding the lock while the handler is dropped.
pub(super) fn end<B>(
    mut state: MutexGuard<'_, State<B>>,
    reason: EndReason,
    permit: Option<OwnedSemaphorePermit>,
) {
    let stream = mem::replace(&mut state.stream, Stream::Ended(reason, permit));
    drop(state);
    drop(stream);
}

/// Watches a stream until it ends, or until the returned handle is dropped.
pub(super) fn spawn<B: Send + 'static>(
    shared: Arc<Shared<B>>,
    deadline: Deadline,
    consumer: Consumer,
) -> AbortOnDropHandle<()> {
    AbortOnDropHandle::new(tokio::spawn(async move {
        let mut next = deadline.or_earlier(Instant::now() + consumer.send_timeout);
        loop {
            sleep_until(next).await;
            match check(&shared, &deadline, &consumer) {
                Some(again) => next = again,
                None => return,
            }
        }
    }))
}

/// Ends the stream if it is due; otherwise returns the time of the next check.
fn check<B>(shared: &Shared<B>, deadline: &Deadline, consumer: &Consumer) -> Option<Instant> {
    let now = Instant::now();
    let state = shared.lock();
    // A stream without a message is checked again at the earliest time when it could be due.
    let due = state.waiting_since.unwrap_or(now) + consumer.send_timeout;
    let reason = if deadline.has_passed() {
        EndReason::DeadlineExceeded
    } else if now >= due {
        EndReason::NotConsumed
    } else {
        return Some(deadline.or_earlier(due));
    };
    let mut permit = None;
    if state.waiting_since.is_some() {
        permit = consumer.acquire_unsent_permit();
        if permit.is_none() {
            consumer.close_connection();
        }
    }
    end(state, reason, permit);
    None
}
