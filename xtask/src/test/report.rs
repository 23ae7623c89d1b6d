//! What the test command says: a heading for each step, and the results at the end.

use std::time::Duration;

use crate::{Outcome, process};

/// What has come of the steps so far.
#[derive(Default)]
pub(super) struct Report {
    steps: Vec<String>,
    failed: Vec<&'static str>,
    closing_lines: Vec<String>,
}

/// Announces a step.
pub(super) fn heading(name: &str, what: &str) {
    println!("\n=== {name}: {what}");
}

impl Report {
    /// Keeps `line` for the end where it is one that a test runner closes with.
    pub(super) fn line(&mut self, line: &str) {
        if is_closing(line) {
            self.closing_lines.push(line.to_owned());
        }
    }

    /// Takes down how a step ended.
    pub(super) fn step(&mut self, name: &'static str, took: Duration, outcome: Outcome) {
        process::yield_to_signal_handler();
        let seconds = took.as_secs_f64();
        let result = match outcome {
            Ok(()) => "ok",
            Err(error) => {
                println!("{name} failed: {error}");
                self.failed.push(name);
                "FAILED"
            }
        };
        println!("=== {name}: {result}, {seconds:.1} s");
        self.steps
            .push(format!("{name:<8} {result:<6} {seconds:>7.1} s"));
    }

    /// The steps, then the lines that the runners themselves closed with, word for word.
    pub(super) fn close(self) -> Outcome {
        println!("\n=== results");
        for line in self.steps.iter().chain(&self.closing_lines) {
            println!("{line}");
        }
        if self.failed.is_empty() {
            return Ok(());
        }
        Err(format!("failed: {}", self.failed.join(", ")).into())
    }
}

/// The closing lines of cargo's and wasm-bindgen's runners, and of Python's unittest.
fn is_closing(line: &str) -> bool {
    let python = line.starts_with("Ran ") && line.contains(" in ");
    line.starts_with("test result: ") || python || line == "OK" || line.starts_with("FAILED (")
}

#[cfg(test)]
mod tests {
    use super::is_closing;

    #[test]
    fn only_what_runners_close_with_is_kept() {
        assert!(is_closing(
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured"
        ));
        assert!(is_closing("Ran 14 tests in 0.812s"));
        assert!(is_closing("FAILED (failures=1)"));
        assert!(!is_closing("test greets_by_name ... ok"));
    }
}
