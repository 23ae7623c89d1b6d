//! Enforces `grpc-timeout` in the browser.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use http::HeaderMap;
use send_wrapper::SendWrapper;

use super::{error::Error, timer::Timer};
use crate::timeout;

/// The deadline of a call. Dropping it stops its timer.
pub(super) struct Deadline {
    // Pages are single-threaded, but tonic requires response bodies to be `Send`.
    timer: SendWrapper<Timer>,
}

impl Deadline {
    /// Starts the timer for a request with these headers. A malformed `grpc-timeout` is left to the
    /// server to reject.
    pub(super) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        timeout::from_headers(headers)
            .ok()
            .flatten()
            .map(Self::after)
    }

    fn after(duration: Duration) -> Self {
        Self {
            timer: SendWrapper::new(Timer::after(duration.as_secs_f64() * 1_000.0)),
        }
    }

    /// The output of `future`, or an error if the deadline passes first.
    pub(super) async fn limit<F: Future>(&mut self, future: F) -> Result<F::Output, Error> {
        let mut future = pin!(future);
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending if self.has_passed(cx) => Poll::Ready(Err(Error::deadline_exceeded())),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Whether the deadline has passed. If not, `cx` is woken when it does.
    pub(super) fn has_passed(&mut self, cx: &mut Context<'_>) -> bool {
        Pin::new(&mut *self.timer).poll(cx).is_ready()
    }
}
