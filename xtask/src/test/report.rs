//! What the test command says: a heading for each step, and the results at the end.

use std::time::Duration;

use super::closing::Closing;
use crate::{Outcome, process};

/// What has come of the steps so far.
#[derive(Default)]
pub(super) struct Report {
    steps: Vec<String>,
    failures: Vec<(&'static str, String)>,
    /// What the runners of the step that is running have closed with so far.
    counted: Option<Closing>,
    closing_lines: Vec<String>,
}

/// Announces a step.
pub(super) fn heading(name: &str, what: &str) {
    println!("\n=== {name}: {what}");
}

impl Report {
    /// Keeps `line` for the end where it is one that a test runner closes with.
    pub(super) fn line(&mut self, line: &str) {
        if let Some(closing) = Closing::read(line) {
            self.closing_lines.push(line.to_owned());
            *self.counted.get_or_insert_default() += closing;
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
                self.failures.push((name, error.to_string()));
                "FAILED"
            }
        };
        println!("=== {name}: {result}, {seconds:.1} s");
        let counts = self.counted.take().map_or_else(String::new, |counted| {
            format!("{} passed, {} failed", counted.passed(), counted.failed)
        });
        let line = format!("{name:<11} {result:<6} {seconds:>7.1} s  {counts}");
        self.steps.push(line.trim_end().to_owned());
    }

    /// The steps and why some have failed, then the lines that the runners themselves closed with,
    /// word for word.
    pub(super) fn close(self) -> Outcome {
        println!("\n=== results");
        for line in &self.steps {
            println!("{line}");
        }
        for (name, why) in &self.failures {
            println!("{name} failed: {why}");
        }
        println!();
        for line in &self.closing_lines {
            println!("{line}");
        }
        if self.failures.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = self.failures.iter().map(|(name, _)| *name).collect();
        Err(format!("failed: {}", names.join(", ")).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_counted_by_what_its_runners_closed_with() {
        let mut report = Report::default();
        let second = Duration::from_secs(1);
        report.step("fmt", second, Ok(()));
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured",
            "test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured",
        ] {
            report.line(line);
        }
        report.step("host", second, Err("one of them".into()));
        report.line("Ran 14 tests in 0.812s");
        report.line("OK");
        report.step("python", second, Ok(()));
        assert_eq!(
            report.steps,
            [
                "fmt         ok         1.0 s",
                "host        FAILED     1.0 s  7 passed, 1 failed",
                "python      ok         1.0 s  14 passed, 0 failed",
            ]
        );
        assert_eq!(report.closing_lines.len(), 4);
        assert_eq!(report.closing_lines.last().map(String::as_str), Some("OK"));
        let why = report.close().expect_err("a step has failed").to_string();
        assert_eq!(why, "failed: host");
    }
}
