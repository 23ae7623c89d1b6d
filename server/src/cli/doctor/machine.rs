//! What the machine gives: disk, clock, files.

use std::{path::Path, time::Duration};

use super::Finding;
use crate::cli::{output::moment, serve};
use frontdesk_directory::Timestamp;

/// Less is soon used up: the log of what is being written has up to 64 MiB by itself.
const LEAST_FREE: u64 = 512 << 20;
/// 2026-01-01, in milliseconds: this program is no older.
const MADE: Timestamp = Timestamp(1_767_225_600_000);
/// A change may be so much later than the clock without anybody having turned that.
const SLACK: Duration = Duration::from_secs(5);

/// How much room there is for the database to grow.
pub(super) fn disk(data: &Path) -> Finding {
    const WHAT: &str = "disk";
    // The folder itself may not be there yet.
    let whole = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let there = whole.ancestors().find(|folder| folder.is_dir());
    let free = there.map(rustix::fs::statvfs);
    match free {
        Some(Ok(disk)) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let words = format!("{} free", indicatif::HumanBytes(free));
            if free < LEAST_FREE {
                Finding::not_well(
                    WHAT,
                    format!("{words}: make room, or name a folder elsewhere with --data"),
                )
            } else {
                Finding::well(WHAT, words)
            }
        }
        Some(Err(error)) => Finding::not_well(WHAT, format!("it is not known: {error}")),
        None => Finding::not_well(WHAT, "it is not known: no folder can be read"),
    }
}

/// Whether the clock can be right: changes get their times from it.
pub(super) fn clock(changed: Option<Timestamp>) -> Finding {
    clock_at(Timestamp::from(std::time::SystemTime::now()), changed)
}

fn clock_at(now: Timestamp, changed: Option<Timestamp>) -> Finding {
    const WHAT: &str = "clock";
    let says = moment(now);
    if now < MADE {
        let words = format!("{says} is before this program was made: set it, by NTP for one");
        return Finding::not_well(WHAT, words);
    }
    match changed {
        Some(changed) if changed > now.after(SLACK) => Finding::not_well(
            WHAT,
            format!(
                "{says} is before the last change, which was at {}: set it, by NTP for one; until \
                 then changes get that time",
                moment(changed)
            ),
        ),
        _ => Finding::well(WHAT, says),
    }
}

/// Whether as many files may be open as there may be connections.
pub(super) fn open_files(connections: u32) -> Finding {
    const WHAT: &str = "open files";
    let wanted = serve::open_files(connections);
    match rlimit::Resource::NOFILE.get() {
        // A server takes as many as it may.
        Ok((_, most)) if most < wanted => Finding::not_well(
            WHAT,
            format!(
                "at most {most}, and {wanted} are wanted: raise the limit (`ulimit -Hn`, \
                 LimitNOFILE=), or lower --max-connections"
            ),
        ),
        Ok((_, most)) => Finding::well(WHAT, format!("at most {most}, {wanted} are wanted")),
        Err(error) => Finding::not_well(WHAT, format!("the limit is not known: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Is, *};

    #[test]
    fn a_clock_that_cannot_be_right_is_told() {
        let later = |seconds| MADE.saturating_add(Duration::from_secs(seconds));
        for (now, changed, is_well) in [
            (later(10), None, true),
            (Timestamp(0), None, false),
            (later(10), Some(later(12)), true),
            (later(10), Some(later(60)), false),
        ] {
            let is = clock_at(now, changed).is;
            assert_eq!(matches!(is, Is::Well(_)), is_well, "{now:?} {changed:?}");
        }
    }
}
