//! Deadlines: `grpc-timeout`, as the specification writes it (grpc/doc/PROTOCOL-HTTP2.md, «Timeout»).

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderMap, HeaderName};
use tokio::time::{Instant, Sleep, sleep_until};

/// The header's name.
pub const GRPC_TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// A `grpc-timeout` that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimeout;

impl fmt::Display for InvalidTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("grpc-timeout must be 1 to 8 digits and one of H, M, S, m, u, n")
    }
}

impl std::error::Error for InvalidTimeout {}

/// How long the client waits for the whole call, counted from when the request came; `None` where
/// it does not say.
///
/// # Errors
///
/// Where the header is there and can't be read: a client that means a deadline must not get none.
pub fn timeout(headers: &HeaderMap) -> Result<Option<Duration>, InvalidTimeout> {
    headers
        .get(GRPC_TIMEOUT)
        .map(|value| parse(value.as_bytes()))
        .transpose()
}

fn parse(value: &[u8]) -> Result<Duration, InvalidTimeout> {
    let (unit, digits) = value.split_last().ok_or(InvalidTimeout)?;
    if !(1..=8).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return Err(InvalidTimeout);
    }
    let number = digits
        .iter()
        .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
    match unit {
        b'H' => Ok(Duration::from_secs(number * 60 * 60)),
        b'M' => Ok(Duration::from_secs(number * 60)),
        b'S' => Ok(Duration::from_secs(number)),
        b'm' => Ok(Duration::from_millis(number)),
        b'u' => Ok(Duration::from_micros(number)),
        b'n' => Ok(Duration::from_nanos(number)),
        _ => Err(InvalidTimeout),
    }
}

/// A timer that is only set once somebody has to wait: most calls are answered at once.
#[derive(Debug)]
pub(super) struct Deadline {
    at: Instant,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    pub(super) fn after(timeout: Duration) -> Self {
        Self {
            at: Instant::now() + timeout,
            timer: None,
        }
    }

    /// The same deadline, for another task.
    pub(super) fn again(&self) -> Self {
        Self {
            at: self.at,
            timer: None,
        }
    }

    pub(super) fn at(&self) -> Instant {
        self.at
    }

    /// Whether it has passed; if not, wakes the task when it does.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let at = self.at;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
        timer.as_mut().poll(cx)
    }

    pub(super) fn has_passed(&self) -> bool {
        Instant::now() >= self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_counts_what_it_says() {
        assert_eq!(parse(b"2H"), Ok(Duration::from_hours(2)));
        assert_eq!(parse(b"3M"), Ok(Duration::from_mins(3)));
        assert_eq!(parse(b"4S"), Ok(Duration::from_secs(4)));
        assert_eq!(parse(b"5m"), Ok(Duration::from_millis(5)));
        assert_eq!(parse(b"6u"), Ok(Duration::from_micros(6)));
        assert_eq!(parse(b"99999999n"), Ok(Duration::from_nanos(99_999_999)));
    }

    #[test]
    fn what_the_specification_does_not_allow_is_refused() {
        for value in [
            "",
            "S",
            "5",
            "5s",
            "-5S",
            "+5S",
            "1.5S",
            "123456789S",
            " 5S",
            "5 S",
        ] {
            assert_eq!(parse(value.as_bytes()), Err(InvalidTimeout), "{value:?}");
        }
    }
}
