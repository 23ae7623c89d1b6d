//! When a call has to have ended.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// A timer that is only set once somebody has to wait: most calls are answered at once.
#[derive(Debug)]
pub(crate) struct Deadline {
    at: Instant,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    pub(crate) fn after(timeout: Duration) -> Self {
        Self {
            at: Instant::now() + timeout,
            timer: None,
        }
    }

    /// The same deadline, for another task.
    pub(crate) fn again(&self) -> Self {
        Self {
            at: self.at,
            timer: None,
        }
    }

    pub(crate) fn at(&self) -> Instant {
        self.at
    }

    /// Whether it has passed; if not, wakes the task when it does.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let at = self.at;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        timer.as_mut().poll(cx)
    }

    pub(crate) fn has_passed(&self) -> bool {
        Instant::now() >= self.at
    }
}
