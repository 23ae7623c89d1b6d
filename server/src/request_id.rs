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
    process: u32,
    number: u64,
}

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
        Self {
            process: *PROCESS,
            number: NEXT.fetch_add(1, Ordering::Relaxed),
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{:x}", self.process, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same() {
        assert_ne!(RequestId::next(), RequestId::next());
        assert_ne!(RequestId::next().to_string(), RequestId::next().to_string());
    }
}
