//! Points in time, for people.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use frontdesk_directory::Timestamp;

/// A point in time in seconds, in UTC; nothing where none is said.
pub(in crate::cli) fn time(time: Option<&prost_types::Timestamp>) -> String {
    time.and_then(system_time)
        .map(|time| humantime::format_rfc3339_seconds(time).to_string())
        .unwrap_or_default()
}

/// The same of a point in time of the directory's.
pub(in crate::cli) fn moment(moment: Timestamp) -> String {
    let seconds = moment.0.div_euclid(1_000);
    time(Some(&prost_types::Timestamp { seconds, nanos: 0 }))
}

fn system_time(time: &prost_types::Timestamp) -> Option<SystemTime> {
    /// The end of the year 9999: later ones can't be written.
    const LAST: u64 = 253_402_300_799;
    let seconds = u64::try_from(time.seconds).ok()?;
    let since = Duration::from_secs(seconds.min(LAST));
    UNIX_EPOCH.checked_add(since)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_server_says_is_a_time_or_nothing() {
        let at = |seconds| time(Some(&prost_types::Timestamp { seconds, nanos: 5 }));
        assert_eq!(at(1_000_000_000), "2001-09-09T01:46:40Z");
        assert_eq!(at(i64::MAX), "9999-12-31T23:59:59Z");
        assert_eq!(at(-1), "");
        assert_eq!(time(None), "");
    }
}
