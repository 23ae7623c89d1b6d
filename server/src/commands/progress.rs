//! How far a long command has come, on standard error.

use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar where somebody watches, otherwise a line for each step: what it says is on disk.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins; `length` is what there is to do, where that is known: bytes of a file, or rows.
    pub(super) fn new(length: Option<u64>) -> Self {
        if !io::stderr().is_terminal() {
            return Self { bar: None };
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
        Self { bar: Some(bar) }
    }

    /// `rows` are dealt with for good, and `position` is how much that is of the length; `line`
    /// says what has become of them.
    pub(super) fn rows(&self, rows: u64, position: u64, line: impl FnOnce() -> String) {
        match &self.bar {
            Some(bar) => {
                bar.set_position(position);
                bar.set_message(format!("{rows} rows"));
            }
            // Who started it may have stopped listening: no reason to stop.
            None => drop(writeln!(io::stderr(), "{}", line())),
        }
    }

    /// Something to be said meanwhile.
    pub(super) fn note(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => drop(writeln!(io::stderr(), "{text}")),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
