//! Helpers of these tests.

use std::process::Command;

use serde_json::Value;

use crate::binary::text;

/// What a command printed, and its exit code.
pub(crate) struct Output {
    pub(crate) out: String,
    pub(crate) errors: String,
    pub(crate) code: Option<i32>,
}

impl Output {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().expect("it runs");
        Self {
            out: text(&output.stdout),
            errors: text(&output.stderr),
            code: output.status.code(),
        }
    }

    /// The standard output of a command that must succeed.
    pub(crate) fn success(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.errors);
        self.out
    }

    /// The error message of a command that must fail with this exit code.
    pub(crate) fn failure(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}", self.errors);
        let error = self.errors.lines().last().unwrap_or_default();
        assert!(error.starts_with("frontdesk: "), "{}", self.errors);
        error.to_owned()
    }
}

pub(crate) fn parse_json_lines(lines: &str) -> Vec<Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect()
}
