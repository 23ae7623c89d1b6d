//! The progress of a long command, on standard error.

use std::{
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::stdout::note;

/// The longest time without a line.
const INTERVAL: Duration = Duration::from_secs(10);

/// A progress bar on a terminal, otherwise a line from time to time. Reported rows are on disk.
pub(in crate::cli) enum Progress {
    Bar(ProgressBar),
    Lines(Lines),
}

impl Progress {
    /// `length` is the total, if known: bytes of a file, or rows.
    pub(in crate::cli) fn new(length: Option<u64>) -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines(Lines::new(length, Instant::now()));
        }
        let (bar, template) = match length {
            Some(length) => (
                ProgressBar::new(length),
                "{bar:40} {percent:>3} % · {msg} · {eta} left",
            ),
            None => (ProgressBar::new_spinner(), "{spinner} {msg} · {elapsed}"),
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self::Bar(bar)
    }

    /// Reports that `rows` rows are done, which is `position` of the length; `line` describes them.
    pub(in crate::cli) fn report(
        &mut self,
        rows: u64,
        position: u64,
        line: impl FnOnce() -> String,
    ) {
        match self {
            Self::Bar(bar) => {
                bar.set_position(position);
                bar.set_message(format!("{rows} rows"));
            }
            Self::Lines(lines) => {
                if lines.is_due(position, Instant::now()) {
                    note(&line());
                }
            }
        }
    }

    /// Prints a note without disturbing the bar.
    pub(in crate::cli) fn note(&self, text: &str) {
        match self {
            Self::Bar(bar) => bar.println(text),
            Self::Lines(_) => note(text),
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

/// Decides when a line is due: at each tenth of the length, and at least once per interval.
pub(in crate::cli) struct Lines {
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
        let due = tenths > self.tenths || now >= self.last + INTERVAL;
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
    fn a_line_is_due_at_each_tenth_and_every_ten_seconds() {
        let start = Instant::now();
        let mut lines = Lines::new(Some(1_000_000), start);
        let due = (1..=100).filter(|step| lines.is_due(step * 10_000, start));
        assert_eq!(due.count(), 10);

        for length in [None, Some(u64::MAX)] {
            let mut lines = Lines::new(length, start);
            let due = (1..=95).filter(|second| {
                let now = start + Duration::from_secs(*second);
                lines.is_due(second * 10_000, now)
            });
            assert_eq!(due.count(), 9);
        }
    }
}
