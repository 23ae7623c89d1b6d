//! The result of a command.

use std::process::Command;

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
