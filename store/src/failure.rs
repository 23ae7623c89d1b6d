//! How a command ends that could not do its work.

use std::fmt;

/// One line for the person at the terminal, and the exit code that goes with it.
///
/// 2: what was asked for can't be done as it stands (a setting, a file, a folder, a port): change
/// it and try again. 1: something broke on the way.
#[derive(Debug)]
pub struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// Something to be changed by who called: a setting, a file, a port. Exit code 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code: 2,
        }
    }

    /// Something broke on the way. Exit code 1.
    pub fn broken(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code: 1,
        }
    }

    /// The same failure, and what has been done all the same.
    #[must_use]
    pub fn after(self, done: &str) -> Self {
        Self {
            message: format!("{} ({done})", self.message),
            ..self
        }
    }

    /// The same failure, and what can be done about it.
    #[must_use]
    pub fn and(self, advice: &str) -> Self {
        Self {
            message: format!("{}; {advice}", self.message),
            ..self
        }
    }

    /// The process's exit code.
    #[must_use]
    pub fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
