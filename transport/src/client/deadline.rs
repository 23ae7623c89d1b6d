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

/// The end of the time that a call was given. Dropping it stops the clock.
pub(super) struct Deadline {
    // A browser's page has one thread; tonic wants what it keeps to be `Send` all the same.
    timer: SendWrapper<Timer>,
}

impl Deadline {
    /// From now on, the time that a request with these headers has.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let timeout = headers.get("grpc-timeout")?.to_str().ok()?;
        Some(Self::after(parse(timeout)?))
    }

    fn after(duration: Duration) -> Self {
        Self {
            timer: SendWrapper::new(Timer::after(duration.as_secs_f64() * 1_000.0)),
        }
    }

    /// Waits for `answer` no longer than this, and gives itself back for what is left.
    pub(super) async fn bound<F: Future>(
        mut self,
        answer: F,
    ) -> Result<(F::Output, Option<Self>), Error> {
        let mut answer = pin!(answer);
        let answer = poll_fn(|cx| match answer.as_mut().poll(cx) {
            Poll::Ready(answer) => Poll::Ready(Ok(answer)),
            Poll::Pending if self.has_passed(cx) => Poll::Ready(Err(Error::late())),
            Poll::Pending => Poll::Pending,
        })
        .await?;
        Ok((answer, Some(self)))
    }

    /// Whether the time is over; if not, `cx` is woken when it is.
    pub(super) fn has_passed(&mut self, cx: &mut Context<'_>) -> bool {
        Pin::new(&mut *self.timer).poll(cx).is_ready()
    }
}

/// At most eight digits and a unit, as the gRPC specification has it.
fn parse(timeout: &str) -> Option<Duration> {
    let (digits, unit) = timeout.split_at_checked(timeout.len().checked_sub(1)?)?;
    if digits.len() > 8 {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(count * 3_600)),
        "M" => Some(Duration::from_secs(count * 60)),
        "S" => Some(Duration::from_secs(count)),
        "m" => Some(Duration::from_millis(count)),
        "u" => Some(Duration::from_micros(count)),
        "n" => Some(Duration::from_nanos(count)),
        _ => None,
    }
}
