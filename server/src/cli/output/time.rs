//! Timestamps, in UTC and to the second.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use frontdesk_directory::Timestamp;

/// Empty if there is no time, or if it is before 1970.
pub(in crate::cli) fn format_time(time: Option<&prost_types::Timestamp>) -> String {
    time.and_then(to_system_time)
        .map(|time| humantime::format_rfc3339_seconds(time).to_string())
        .unwrap_or_default()
}

pub(in crate::cli) fn format_millis(time: Timestamp) -> String {
    let seconds = time.0.div_euclid(1_000);
    format_time(Some(&prost_types::Timestamp { seconds, nanos: 0 }))
}

fn to_system_time(time: &prost_types::Timestamp) -> Option<SystemTime> {
    /// The end of the year 9999, the last that can be formatted.
    const MAX: u64 = 253_402_300_799;
    let seconds = u64::try_from(time.seconds).ok()?;
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds.min(MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_timestamp_of_a_server_is_formatted() {
        let format = |seconds| format_time(Some(&prost_types::Timestamp { seconds, nanos: 5 }));
        assert_eq!(format(1_000_000_000), "2001-09-09T01:46:40Z");
        assert_eq!(format(i64::MAX), "9999-12-31T23:59:59Z");
        assert_eq!(format(-1), "");
        assert_eq!(format_time(None), "");
    }
}
