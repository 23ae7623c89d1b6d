//! What may fail many times a second is logged at once, and then every so often with a count: a
//! log that is full of one line hides all others.

use std::{
    mem,
    time::{Duration, Instant},
};

const EVERY: Duration = Duration::from_secs(10);

/// Counts what is not logged.
#[derive(Debug, Default)]
pub(crate) struct Seldom {
    logged: Option<Instant>,
    times: u64,
}

impl Seldom {
    /// Counts one more. Where it is time for a line: how many times it was since the last one, this
    /// one too.
    pub(crate) fn due(&mut self, now: Instant) -> Option<u64> {
        self.times += 1;
        if self.logged.is_some_and(|logged| now < logged + EVERY) {
            return None;
        }
        self.logged = Some(now);
        Some(mem::take(&mut self.times))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_logged_at_once_and_those_behind_it_are_counted() {
        let (mut seldom, begin) = (Seldom::default(), Instant::now());
        assert_eq!(seldom.due(begin), Some(1));
        for millis in (50..10_000).step_by(50) {
            let now = begin + Duration::from_millis(millis);
            assert_eq!(seldom.due(now), None, "after {millis} ms");
        }
        assert_eq!(seldom.due(begin + EVERY), Some(200));
        assert_eq!(seldom.due(begin + 3 * EVERY), Some(1));
    }
}
