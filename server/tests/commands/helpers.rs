//! What these tests share.

use std::process::Command;

use serde_json::Value;

use crate::binary::text;

/// What a command said and how it ended.
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) errors: String,
    pub(crate) code: Option<i32>,
}

impl Said {
    pub(crate) fn by(command: &mut Command) -> Self {
        let output = command.output().expect("it runs");
        Self {
            out: text(&output.stdout),
            errors: text(&output.stderr),
            code: output.status.code(),
        }
    }

    /// That it ended well; what it said.
    pub(crate) fn well(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.errors);
        self.out
    }

    /// That it ended with this code; the line that says why.
    pub(crate) fn refused(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}", self.errors);
        let why = self.errors.lines().last().unwrap_or_default();
        assert!(why.starts_with("frontdesk: "), "{}", self.errors);
        why.to_owned()
    }
}

/// The objects in lines of JSON.
pub(crate) fn objects(lines: &str) -> Vec<Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect()
}
