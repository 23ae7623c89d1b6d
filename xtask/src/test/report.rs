//! The output of `cargo xtask test`: a heading for each step, the results at the end.

use std::time::Duration;

use super::summary::Summary;
use crate::{Result, process};

/// The results of the steps so far.
#[derive(Default)]
pub(super) struct Report {
    steps: Vec<String>,
    failures: Vec<(&'static str, String)>,
    /// The sum of the summary lines of the current step.
    counts: Option<Summary>,
    summary_lines: Vec<String>,
}

pub(super) fn print_heading(name: &str, description: &str) {
    println!("\n=== {name}: {description}");
}

impl Report {
    /// Stores `line` for the end if it is the summary line of a test runner.
    pub(super) fn inspect_line(&mut self, line: &str) {
        if let Some(summary) = Summary::parse(line) {
            self.summary_lines.push(line.to_owned());
            *self.counts.get_or_insert_default() += summary;
        }
    }

    /// Records the result of the current step.
    pub(super) fn end_step(&mut self, name: &'static str, duration: Duration, result: Result) {
        process::yield_to_signal_handler();
        let seconds = duration.as_secs_f64();
        let result = match result {
            Ok(()) => "ok",
            Err(error) => {
                println!("{name} failed: {error}");
                self.failures.push((name, error.to_string()));
                "FAILED"
            }
        };
        println!("=== {name}: {result}, {seconds:.1} s");
        let counts = self.counts.take().map_or_else(String::new, |counts| {
            format!("{} passed, {} failed", counts.passed(), counts.failed)
        });
        let line = format!("{name:<11} {result:<6} {seconds:>7.1} s  {counts}");
        self.steps.push(line.trim_end().to_owned());
    }

    /// Prints the steps, the errors of those that failed, and the unchanged summary lines of the
    /// test runners.
    pub(super) fn close(self) -> Result {
        println!("\n=== results");
        for line in &self.steps {
            println!("{line}");
        }
        for (name, error) in &self.failures {
            println!("{name} failed: {error}");
        }
        println!();
        for line in &self.summary_lines {
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
    fn counts_of_a_step_are_the_sum_of_its_summary_lines() {
        let mut report = Report::default();
        let second = Duration::from_secs(1);
        report.end_step("fmt", second, Ok(()));
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured",
            "test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured",
        ] {
            report.inspect_line(line);
        }
        report.end_step("host", second, Err("one test failed".into()));
        report.inspect_line("Ran 14 tests in 0.812s");
        report.inspect_line("OK");
        report.end_step("python", second, Ok(()));
        assert_eq!(
            report.steps,
            [
                "fmt         ok         1.0 s",
                "host        FAILED     1.0 s  7 passed, 1 failed",
                "python      ok         1.0 s  14 passed, 0 failed",
            ]
        );
        assert_eq!(report.summary_lines.len(), 4);
        assert_eq!(report.summary_lines.last().map(String::as_str), Some("OK"));
        let error = report.close().expect_err("a step has failed").to_string();
        assert_eq!(error, "failed: host");
    }
}
