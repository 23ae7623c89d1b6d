use std::{error::Error, fmt, io};

/// Why the server cannot start.
#[derive(Debug)]
pub enum SetupError {
    /// A setting, or the file that it names, cannot be used.
    Setting {
        /// As on the command line: `--listen`.
        flag: &'static str,
        reason: String,
    },
    /// The operating system or a library failed.
    System {
        /// Completes the sentence "cannot …".
        action: &'static str,
        source: io::Error,
    },
}

impl SetupError {
    pub(crate) fn setting(flag: &'static str, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self::Setting { flag, reason }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting { flag, reason } => write!(f, "{flag}: {reason}"),
            Self::System { action, source } => write!(f, "cannot {action}: {source}"),
        }
    }
}

impl Error for SetupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Setting { .. } => None,
            Self::System { source, .. } => Some(source),
        }
    }
}
