//! Why a command failed, and its exit code.

use std::fmt;

use crate::http::SetupError;

/// A message on one line, and the exit code of the process.
#[derive(Debug)]
pub struct CliError {
    message: String,
    code: u8,
}

impl CliError {
    /// The command cannot be run as given: invalid arguments, or a file, directory or port that
    /// cannot be used. Exit code 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code: 2,
        }
    }

    /// The command failed or was rejected. Exit code 1.
    pub fn failed(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code: 1,
        }
    }

    /// Adds what was done before the failure, in parentheses.
    #[must_use]
    pub fn with_note(self, note: &str) -> Self {
        Self {
            message: format!("{} ({note})", self.message),
            ..self
        }
    }

    /// Adds what can be done about it.
    #[must_use]
    pub fn with_hint(self, hint: &str) -> Self {
        Self {
            message: format!("{}; {hint}", self.message),
            ..self
        }
    }

    /// The exit code of the process.
    #[must_use]
    pub fn code(&self) -> u8 {
        self.code
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CliError {}

impl From<SetupError> for CliError {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Setting { .. } => Self::usage(error.to_string()),
            SetupError::System { .. } => Self::failed(error.to_string()),
        }
    }
}
