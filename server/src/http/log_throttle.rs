use std::{
    mem,
    time::{Duration, Instant},
};

const INTERVAL: Duration = Duration::from_secs(10);

/// Limits a recurring event to one log line per interval: a line that repeats many times a second
/// hides all others. tracing-subscriber has no such filter.
#[derive(Debug, Default)]
pub(super) struct LogThrottle {
    last_logged: Option<Instant>,
    count: u64,
}

impl LogThrottle {
    /// Counts the event. If a line is due, returns the number of events since the last one.
    pub(super) fn record(&mut self, now: Instant) -> Option<u64> {
        self.count += 1;
        if self.last_logged.is_some_and(|last| now < last + INTERVAL) {
            return None;
        }
        self.last_logged = Some(now);
        Some(mem::take(&mut self.count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_event_is_logged_at_once_and_later_ones_are_counted() {
        let (mut throttle, start) = (LogThrottle::default(), Instant::now());
        assert_eq!(throttle.record(start), Some(1));
        for millis in (50..10_000).step_by(50) {
            let now = start + Duration::from_millis(millis);
            assert_eq!(throttle.record(now), None, "after {millis} ms");
        }
        assert_eq!(throttle.record(start + INTERVAL), Some(200));
        assert_eq!(throttle.record(start + 3 * INTERVAL), Some(1));
    }
}
