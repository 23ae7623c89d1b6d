//! How far a long command has come, on standard error.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

/// How often there is a line at least.
const EVERY: Duration = Duration::from_secs(10);

/// A bar where somebody watches, otherwise a line now and then: what it says is on disk.
pub(super) enum Progress {
    Bar(ProgressBar),
    Lines(Lines),
}

impl Progress {
    /// Begins; `length` is what there is to do, where that is known: bytes of a file, or rows.
    pub(super) fn new(length: Option<u64>) -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines(Lines::new(length, Instant::now()));
        }
        let (bar, template) = match length {
            Some(length) => (
                ProgressBar::new(length),
                "{bar:40} {percent:>3} % · {msg} · {eta} to go",
            ),
            None => (ProgressBar::new_spinner(), "{spinner} {msg} · {elapsed}"),
        };
        // A template that can't be read is a bar without one.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self::Bar(bar)
    }

    /// `rows` are dealt with for good, and `position` is how much that is of the length; `line`
    /// says what has become of them.
    pub(super) fn rows(&mut self, rows: u64, position: u64, line: impl FnOnce() -> String) {
        match self {
            Self::Bar(bar) => {
                bar.set_position(position);
                bar.set_message(format!("{rows} rows"));
            }
            Self::Lines(lines) => {
                if lines.is_due(position, Instant::now()) {
                    // Who started it may have stopped listening: no reason to stop.
                    drop(writeln!(io::stderr(), "{}", line()));
                }
            }
        }
    }

    /// Something to be said meanwhile.
    pub(super) fn note(&self, text: &str) {
        match self {
            Self::Bar(bar) => bar.println(text),
            Self::Lines(_) => drop(writeln!(io::stderr(), "{text}")),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

/// When there is a line: with each tenth of the length, and every so often where that takes long.
pub(super) struct Lines {
    length: Option<u64>,
    tenths: u64,
    last: Instant,
}

impl Lines {
    fn new(length: Option<u64>, now: Instant) -> Self {
        Self {
            length,
            tenths: 0,
            last: now,
        }
    }

    fn is_due(&mut self, position: u64, now: Instant) -> bool {
        let tenths = self
            .length
            .map_or(0, |length| position.saturating_mul(10) / length.max(1));
        let due = tenths > self.tenths || now >= self.last + EVERY;
        if due {
            self.tenths = tenths;
            self.last = now;
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_rows_are_ten_lines_and_one_more_for_each_ten_seconds_without() {
        let begin = Instant::now();
        let mut lines = Lines::new(Some(1_000_000), begin);
        let due = (1..=100).filter(|step| lines.is_due(step * 10_000, begin));
        assert_eq!(due.count(), 10);

        for length in [None, Some(u64::MAX)] {
            let mut lines = Lines::new(length, begin);
            let due = (1..=95).filter(|second| {
                let now = begin + Duration::from_secs(*second);
                lines.is_due(second * 10_000, now)
            });
            assert_eq!(due.count(), 9);
        }
    }
}
