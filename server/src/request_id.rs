//! The id that one request has in the answer, in the log and in an `INTERNAL` status.

use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// Names one request among all that this process and the ones before it have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId {
    /// Its text, from `start` on: made once, as each request has it in its span, its access line
    /// and its answer.
    digits: [u8; LENGTH],
    start: usize,
}

/// Eight digits of the process, a hyphen, sixteen of the request at the most.
const LENGTH: usize = 8 + 1 + 16;

/// Differs from start to start, so that ids in a log kept over restarts are not mixed up.
static PROCESS: LazyLock<u32> = LazyLock::new(|| {
    let random = RandomState::new().hash_one(std::process::id());
    u32::try_from(random >> 32).unwrap_or_default()
});
static NEXT: AtomicU64 = AtomicU64::new(1);

impl RequestId {
    /// The next one: a counter behind a random number for this process, cheap enough for every
    /// request. It tells how many requests there were: nothing is kept secret by it.
    #[must_use]
    pub fn next() -> Self {
        Self::of(*PROCESS, NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// `{process:08x}-{number:x}`, without what `core::fmt` takes for it.
    fn of(process: u32, mut number: u64) -> Self {
        let mut digits = [b'0'; LENGTH];
        let mut start = LENGTH;
        loop {
            start -= 1;
            digits[start] = digit(number);
            number >>= 4;
            if number == 0 {
                break;
            }
        }
        start -= 1;
        digits[start] = b'-';
        let mut process = u64::from(process);
        for _ in 0..8 {
            start -= 1;
            digits[start] = digit(process);
            process >>= 4;
        }
        Self { digits, start }
    }

    /// Hexadecimal digits and a hyphen.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.digits[self.start..]
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(str::from_utf8(self.as_bytes()).map_err(|_| fmt::Error)?)
    }
}

fn digit(number: u64) -> u8 {
    b"0123456789abcdef"[usize::from(number.to_le_bytes()[0] & 0xf)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same() {
        assert_ne!(RequestId::next(), RequestId::next());
        assert_ne!(RequestId::next().to_string(), RequestId::next().to_string());
    }

    #[test]
    fn it_is_written_in_hexadecimal() {
        for (process, number) in [(0, 0), (0xab, 1), (u32::MAX, u64::MAX), (0x1234_5678, 0x90)] {
            let id = RequestId::of(process, number);
            assert_eq!(id.to_string(), format!("{process:08x}-{number:x}"));
        }
    }
}
