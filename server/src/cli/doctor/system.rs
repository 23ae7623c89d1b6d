//! Disk, clock and open files.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use frontdesk_directory::Timestamp;
use indicatif::HumanBytes;

use super::check::Check;
use crate::cli::{output::format_millis, serve};

/// The write-ahead log alone can have 64 MiB.
const MIN_FREE_BYTES: u64 = 512 << 20;
/// 2026-01-01, in milliseconds: no release is older.
const MIN_TIME: Timestamp = Timestamp(1_767_225_600_000);
/// Several changes within a millisecond get later times than the clock's.
const TOLERANCE: Duration = Duration::from_secs(5);

pub(super) fn disk(data: &Path) -> Check {
    const NAME: &str = "disk";
    // The data directory may not exist yet.
    let path = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let existing = path.ancestors().find(|directory| directory.is_dir());
    match existing.map(rustix::fs::statvfs) {
        Some(Ok(disk)) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let message = format!("{} free", HumanBytes(free));
            if free < MIN_FREE_BYTES {
                Check::failed(
                    NAME,
                    format!("{message}: free disk space, or use another disk with --data"),
                )
            } else {
                Check::ok(NAME, message)
            }
        }
        Some(Err(error)) => Check::failed(NAME, format!("free space is unknown: {error}")),
        None => Check::failed(NAME, "free space is unknown: no directory can be read"),
    }
}

/// Changes get their times from the clock.
pub(super) fn clock(last_change: Option<Timestamp>) -> Check {
    clock_at(Timestamp::from(SystemTime::now()), last_change)
}

fn clock_at(now: Timestamp, last_change: Option<Timestamp>) -> Check {
    const NAME: &str = "clock";
    let time = format_millis(now);
    if now < MIN_TIME {
        let message = format!("{time} is before this release: set the clock, for example by NTP");
        return Check::failed(NAME, message);
    }
    match last_change {
        Some(change) if change > now.saturating_add(TOLERANCE) => Check::failed(
            NAME,
            format!(
                "{time} is before the last change at {}: set the clock, for example by NTP; until \
                 then new changes get the time of the last one",
                format_millis(change)
            ),
        ),
        _ => Check::ok(NAME, time),
    }
}

pub(super) fn open_files(connections: u32) -> Check {
    const NAME: &str = "open files";
    let required = serve::required_files(connections);
    // A server raises its soft limit to the hard limit.
    match rlimit::Resource::NOFILE.get() {
        Ok((_, limit)) if limit < required => Check::failed(
            NAME,
            format!(
                "limit {limit}, required {required}: raise the limit (`ulimit -Hn`, LimitNOFILE=), \
                 or lower --max-connections"
            ),
        ),
        Ok((_, limit)) => Check::ok(NAME, format!("limit {limit}, required {required}")),
        Err(error) => Check::failed(NAME, format!("the limit is unknown: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::check::Outcome, *};

    #[test]
    fn a_clock_before_the_release_or_the_last_change_fails() {
        let later = |seconds| MIN_TIME.saturating_add(Duration::from_secs(seconds));
        for (now, change, is_ok) in [
            (later(10), None, true),
            (Timestamp(0), None, false),
            (later(10), Some(later(12)), true),
            (later(10), Some(later(60)), false),
        ] {
            let outcome = clock_at(now, change).outcome;
            assert_eq!(
                matches!(outcome, Outcome::Ok(_)),
                is_ok,
                "{now:?} {change:?}"
            );
        }
    }
}
