//! What is retained, and for how long.

use std::time::Duration;

use frontdesk_directory::Timestamp;

pub(crate) const DAY: Duration = Duration::from_hours(24);
/// For this long after the start, a clock that is more than a day ahead of the last change is not
/// trusted: a wrong clock may soon be corrected, but removed data cannot be recovered.
pub(crate) const CLOCK_TRIAL: Duration = Duration::from_hours(1);

/// What is retained, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// How long a deleted user can be restored.
    pub trash: Duration,
    /// How long changes stay in the change log.
    pub change_log: Duration,
    /// The maximum number of changes in the change log.
    pub max_changes: u64,
    /// The maximum size of the database in bytes, without its write-ahead log.
    pub max_database_bytes: Option<u64>,
    /// How often expired data is removed. `None` means never, for a command that does not know the
    /// policy of the directory's server.
    pub sweep_interval: Option<Duration>,
}

impl Default for RetentionPolicy {
    fn default() -> Self {
        Self {
            trash: 30 * DAY,
            change_log: 30 * DAY,
            max_changes: 4_000_000,
            max_database_bytes: None,
            sweep_interval: None,
        }
    }
}

/// The time that a clock on trial is trusted to show.
pub(crate) fn trusted_time(clock: Timestamp, last_change: Timestamp) -> Timestamp {
    clock.min(last_change.saturating_add(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumped_expires_nothing_at_once() {
        let last = Timestamp(1_800_000_000_000);
        let hour = Duration::from_hours(1);
        assert_eq!(
            trusted_time(last.saturating_add(hour), last),
            last.saturating_add(hour)
        );
        assert_eq!(
            trusted_time(last.saturating_add(40 * DAY), last),
            last.saturating_add(DAY)
        );
        // Without any change, nothing is old.
        assert_eq!(
            trusted_time(last, Timestamp(0)),
            Timestamp(0).saturating_add(DAY)
        );
    }
}
