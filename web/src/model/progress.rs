//! How far the reading of a list is, in words and in numbers.

use super::{Failure, number};

/// What a reading is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Asked for, nothing heard yet.
    #[default]
    Opening,
    /// People are coming in.
    Receiving,
    /// Everybody is there.
    Complete,
    /// The person stopped it.
    Stopped,
    /// Nobody looked any more; goes on when somebody does.
    Paused,
    /// It failed or broke off.
    Failed(Failure),
}

impl Phase {
    /// Whether something is still to come.
    #[must_use]
    pub fn is_underway(&self) -> bool {
        matches!(self, Self::Opening | Self::Receiving)
    }
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Received in this reading.
    pub received: u64,
    /// What the server said there are, where it did.
    pub total: Option<u64>,
}

impl Count {
    /// `12,345 of 1,000,000`.
    #[must_use]
    pub fn words(self) -> String {
        match self.total {
            Some(total) => {
                let mut text = number::grouped(self.received);
                text.push_str(" of ");
                text.push_str(&number::grouped(total));
                text
            }
            None => number::people(self.received),
        }
    }

    /// Whether some have come in, and more are missing.
    fn is_part(self) -> bool {
        self.received > 0 && self.total != Some(self.received)
    }

    fn percent(self) -> Option<u64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some(self.received.saturating_mul(100) / total)
    }
}

/// What assistive technology is told of a reading: its start, now and then how far it is, its
/// end. Each batch would be more than anybody can listen to.
#[derive(Clone, Debug, Default)]
pub struct Announcer {
    last_ms: Option<f64>,
}

/// Between two announcements of a reading that goes on.
const EVERY_MS: f64 = 4_000.0;

impl Announcer {
    /// What to say at `now_ms`, where it is time to say something.
    pub fn underway(&mut self, now_ms: f64, count: Count) -> Option<String> {
        let Some(last) = self.last_ms else {
            self.last_ms = Some(now_ms);
            return Some("Receiving people…".to_owned());
        };
        if now_ms - last < EVERY_MS {
            return None;
        }
        self.last_ms = Some(now_ms);
        let mut text = match count.percent() {
            Some(percent) => {
                let mut text = percent.to_string();
                text.push_str(" percent: ");
                text
            }
            None => String::new(),
        };
        text.push_str(&count.words());
        text.push_str(" received.");
        Some(text)
    }
}

/// What stands above the list while it is read, and after.
///
/// A reading that gets no answer leaves the count as it was, like the rows: both are of the
/// reading before.
#[must_use]
pub fn standing(phase: &Phase, count: Count) -> String {
    let so_far = match phase {
        // Nobody there, or nothing heard yet: what is said below the bar is enough.
        _ if count.received == 0 && count.total.unwrap_or(0) == 0 => return String::new(),
        Phase::Stopped => "Stopped at ",
        Phase::Failed(_) if count.is_part() => "Broken off at ",
        _ => "",
    };
    so_far.to_owned() + &count.words()
}

/// Whether a bar says something about it: more is to come, or some are missing.
#[must_use]
pub fn is_open(phase: &Phase, count: Count) -> bool {
    phase.is_underway() || count.is_part()
}

/// What is said when a reading has come to its end, however it did.
#[must_use]
pub fn ending(phase: &Phase, count: Count) -> Option<String> {
    match phase {
        Phase::Opening | Phase::Receiving | Phase::Paused => None,
        Phase::Complete if count.received == 0 => Some("Nobody is in the directory.".to_owned()),
        Phase::Complete => Some(number::people(count.received) + " received."),
        Phase::Stopped => Some("Stopped at ".to_owned() + &count.words() + "."),
        Phase::Failed(_) => Some("Broken off at ".to_owned() + &count.words() + "."),
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
    fn it_says_how_many_of_how_many() {
        assert_eq!(count(12_345, 1_000_000).words(), "12,345 of 1,000,000");
        let unknown = Count {
            received: 1,
            total: None,
        };
        assert_eq!(unknown.words(), "1 person");
    }

    #[test]
    fn a_hundred_batches_a_second_are_announced_every_few_seconds() {
        let mut announcer = Announcer::default();
        let said: Vec<String> = (0..1_000_u32)
            .filter_map(|batch| {
                announcer.underway(f64::from(batch) * 10.0, count(batch.into(), 1_000))
            })
            .collect();
        assert_eq!(
            said,
            [
                "Receiving people…",
                "40 percent: 400 of 1,000 received.",
                "80 percent: 800 of 1,000 received.",
            ]
        );
    }

    #[test]
    fn each_ending_has_its_words() {
        let some = count(10, 20);
        assert_eq!(ending(&Phase::Receiving, some), None);
        assert_eq!(
            ending(&Phase::Stopped, some).as_deref(),
            Some("Stopped at 10 of 20.")
        );
        assert_eq!(
            ending(&Phase::Complete, count(20_000, 20_000)).as_deref(),
            Some("20,000 people received.")
        );
        assert_eq!(
            ending(&Phase::Complete, count(0, 0)).as_deref(),
            Some("Nobody is in the directory.")
        );
    }

    #[test]
    fn what_stands_above_the_list_is_true_of_the_list() {
        let failed = Phase::Failed(Failure::Unreachable);
        let nothing = Count::default();
        for (phase, count, words) in [
            (&Phase::Opening, nothing, ""),
            (&failed, nothing, ""),
            (&Phase::Receiving, count(0, 20), "0 of 20"),
            (&Phase::Complete, count(0, 0), ""),
            (&Phase::Complete, count(20, 20), "20 of 20"),
            (&Phase::Stopped, count(10, 20), "Stopped at 10 of 20"),
            (&failed, count(10, 20), "Broken off at 10 of 20"),
            // Read again, and no answer: they are all still there.
            (&failed, count(20, 20), "20 of 20"),
        ] {
            assert_eq!(standing(phase, count), words, "{phase:?}");
        }
    }

    #[test]
    fn what_is_all_there_needs_no_bar() {
        let failed = Phase::Failed(Failure::Unreachable);
        for (phase, count, open) in [
            (&Phase::Opening, Count::default(), true),
            // Read again: the count is still that of the reading before.
            (&Phase::Opening, count(20, 20), true),
            (&Phase::Receiving, count(20, 20), true),
            (&Phase::Complete, count(20, 20), false),
            (&Phase::Complete, count(0, 0), false),
            (&Phase::Stopped, count(10, 20), true),
            (&Phase::Stopped, Count::default(), false),
            (&failed, count(10, 20), true),
            (&failed, count(20, 20), false),
        ] {
            assert_eq!(is_open(phase, count), open, "{phase:?}, {count:?}");
        }
    }

    #[test]
    fn nothing_of_nothing_is_no_percentage() {
        assert_eq!(count(0, 0).percent(), None);
    }
}
