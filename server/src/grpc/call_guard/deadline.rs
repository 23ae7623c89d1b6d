use std::{
    pin::Pin,
    task::{Context, Poll},
};

use frontdesk_directory::RequestContext;
use http::Extensions;
use tokio::time::{Instant, Sleep, sleep_until};

/// The deadline of a call. Its timer is only created for a call that has to wait: most do not.
#[derive(Debug)]
pub(super) struct Deadline {
    /// `None` for a call without a deadline.
    at: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    pub(super) fn of(extensions: &Extensions) -> Self {
        let context = extensions.get::<RequestContext>();
        Self {
            at: context.and_then(|it| it.deadline).map(Instant::from_std),
            timer: None,
        }
    }

    /// The same deadline for another task.
    pub(super) fn without_timer(&self) -> Self {
        Self {
            at: self.at,
            timer: None,
        }
    }

    /// The deadline, or `other` if that is earlier.
    pub(super) fn or_earlier(&self, other: Instant) -> Instant {
        self.at.map_or(other, |at| at.min(other))
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(at) = self.at else {
            return Poll::Pending;
        };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        timer.as_mut().poll(cx)
    }

    pub(super) fn has_passed(&self) -> bool {
        self.at.is_some_and(|at| Instant::now() >= at)
    }
}
