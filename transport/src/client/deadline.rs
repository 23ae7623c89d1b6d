//! `grpc-timeout`, counted in the page.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use http::HeaderMap;
use send_wrapper::SendWrapper;

use super::{Error, timer::Timer};
use crate::timeout;

/// The end of the time that a call was given. Dropping it stops the clock.
pub(super) struct Deadline {
    // A browser's page has one thread; tonic wants what it keeps to be `Send` all the same.
    timer: SendWrapper<Timer>,
}

impl Deadline {
    /// From now on, the time that a request with these headers has. One that can't be read is the
    /// server's to refuse.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        timeout::of(headers).ok().flatten().map(Self::after)
    }

    fn after(duration: Duration) -> Self {
        Self {
            timer: SendWrapper::new(Timer::after(duration.as_secs_f64() * 1_000.0)),
        }
    }

    /// Waits for `answer` no longer than this.
    pub(super) async fn bound<F: Future>(&mut self, answer: F) -> Result<F::Output, Error> {
        let mut answer = pin!(answer);
        poll_fn(|cx| match answer.as_mut().poll(cx) {
            Poll::Ready(answer) => Poll::Ready(Ok(answer)),
            Poll::Pending if self.has_passed(cx) => Poll::Ready(Err(Error::late())),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// Whether the time is over; if not, `cx` is woken when it is.
    pub(super) fn has_passed(&mut self, cx: &mut Context<'_>) -> bool {
        Pin::new(&mut *self.timer).poll(cx).is_ready()
    }
}
