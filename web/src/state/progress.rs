//! The progress of receiving the list of users, as text and as numbers.

use super::{
    error::Error,
    format::{group_digits, user_count},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Requested; no response yet.
    #[default]
    Connecting,
    Receiving,
    Complete,
    /// Stopped by the user.
    Stopped,
    /// Stopped because the user left the list; restarted when they return.
    Paused,
    Failed(Error),
}

impl Phase {
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Connecting | Self::Receiving)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub received: u64,
    /// The total reported by the server, if it did.
    pub total: Option<u64>,
}

impl Count {
    /// `12,345 of 1,000,000`, or `12,345 users` if the total is unknown.
    pub fn summary(self) -> String {
        match self.total {
            Some(total) => group_digits(self.received) + " of " + &group_digits(total),
            None => user_count(self.received),
        }
    }

    fn is_partial(self) -> bool {
        self.received > 0 && self.total != Some(self.received)
    }

    fn percent(self) -> Option<u64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some(self.received.saturating_mul(100) / total)
    }
}

/// Announces progress to assistive technology at intervals: announcing each batch would flood it.
#[derive(Clone, Debug, Default)]
pub struct Announcer {
    last_ms: Option<f64>,
}

const ANNOUNCEMENT_INTERVAL_MS: f64 = 4_000.0;

impl Announcer {
    /// The announcement for `count` at `now_ms`, if one is due.
    pub fn announcement(&mut self, now_ms: f64, count: Count) -> Option<String> {
        let Some(last_ms) = self.last_ms else {
            self.last_ms = Some(now_ms);
            return Some("Receiving users…".to_owned());
        };
        if now_ms - last_ms < ANNOUNCEMENT_INTERVAL_MS {
            return None;
        }
        self.last_ms = Some(now_ms);
        let percent = count
            .percent()
            .map(|percent| percent.to_string() + " percent: ");
        Some(percent.unwrap_or_default() + &count.summary() + " received.")
    }
}

/// The text above the list. If a reload fails before the first row arrives, count and rows stay
/// those of the previous load.
pub fn summary(phase: &Phase, count: Count) -> String {
    let prefix = match phase {
        // An empty or failed list is explained in its place.
        _ if count.received == 0 && count.total.unwrap_or(0) == 0 => return String::new(),
        Phase::Stopped => "Stopped at ",
        Phase::Failed(_) if count.is_partial() => "Interrupted at ",
        _ => "",
    };
    prefix.to_owned() + &count.summary()
}

/// Whether the progress bar is shown: while users arrive, and if some are missing.
pub fn shows_bar(phase: &Phase, count: Count) -> bool {
    phase.is_active() || count.is_partial()
}

/// The announcement when receiving has ended.
pub fn end_announcement(phase: &Phase, count: Count) -> Option<String> {
    match phase {
        Phase::Connecting | Phase::Receiving | Phase::Paused => None,
        Phase::Complete if count.received == 0 => Some("No users yet.".to_owned()),
        Phase::Complete => Some(user_count(count.received) + " received."),
        Phase::Stopped => Some("Stopped at ".to_owned() + &count.summary() + "."),
        Phase::Failed(_) => Some("Interrupted at ".to_owned() + &count.summary() + "."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(received: u64, total: u64) -> Count {
        Count {
            received,
            total: Some(total),
        }
    }

    #[test]
    fn a_count_includes_the_total_if_it_is_known() {
        assert_eq!(count(12_345, 1_000_000).summary(), "12,345 of 1,000,000");
        let unknown = Count {
            received: 1,
            total: None,
        };
        assert_eq!(unknown.summary(), "1 user");
    }

    #[test]
    fn a_hundred_batches_a_second_are_announced_every_few_seconds() {
        let mut announcer = Announcer::default();
        let announcements: Vec<String> = (0..1_000_u32)
            .filter_map(|batch| {
                announcer.announcement(f64::from(batch) * 10.0, count(batch.into(), 1_000))
            })
            .collect();
        assert_eq!(
            announcements,
            [
                "Receiving users…",
                "40 percent: 400 of 1,000 received.",
                "80 percent: 800 of 1,000 received.",
            ]
        );
    }

    #[test]
    fn each_end_has_its_announcement() {
        let some = count(10, 20);
        assert_eq!(end_announcement(&Phase::Receiving, some), None);
        assert_eq!(
            end_announcement(&Phase::Stopped, some).as_deref(),
            Some("Stopped at 10 of 20.")
        );
        assert_eq!(
            end_announcement(&Phase::Complete, count(20_000, 20_000)).as_deref(),
            Some("20,000 users received.")
        );
        assert_eq!(
            end_announcement(&Phase::Complete, count(0, 0)).as_deref(),
            Some("No users yet.")
        );
    }

    #[test]
    fn the_summary_matches_the_list() {
        let failed = Phase::Failed(Error::Unreachable);
        let none = Count::default();
        for (phase, count, text) in [
            (&Phase::Connecting, none, ""),
            (&failed, none, ""),
            (&Phase::Receiving, count(0, 20), "0 of 20"),
            (&Phase::Complete, count(0, 0), ""),
            (&Phase::Complete, count(20, 20), "20 of 20"),
            (&Phase::Stopped, count(10, 20), "Stopped at 10 of 20"),
            (&failed, count(10, 20), "Interrupted at 10 of 20"),
            // A failed reload: all rows are still there.
            (&failed, count(20, 20), "20 of 20"),
        ] {
            assert_eq!(summary(phase, count), text, "{phase:?}");
        }
    }

    #[test]
    fn a_complete_list_has_no_progress_bar() {
        let failed = Phase::Failed(Error::Unreachable);
        for (phase, count, shown) in [
            (&Phase::Connecting, Count::default(), true),
            // A reload: the count is still that of the previous load.
            (&Phase::Connecting, count(20, 20), true),
            (&Phase::Receiving, count(20, 20), true),
            (&Phase::Complete, count(20, 20), false),
            (&Phase::Complete, count(0, 0), false),
            (&Phase::Stopped, count(10, 20), true),
            (&Phase::Stopped, Count::default(), false),
            (&failed, count(10, 20), true),
            (&failed, count(20, 20), false),
        ] {
            assert_eq!(shows_bar(phase, count), shown, "{phase:?}, {count:?}");
        }
    }

    #[test]
    fn an_empty_list_has_no_percentage() {
        assert_eq!(count(0, 0).percent(), None);
    }
}
