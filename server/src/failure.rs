//! How a command ends that failed.

pub use frontdesk_store::failure::Failure;

use crate::http::SetupError;

impl From<SetupError> for Failure {
    fn from(error: SetupError) -> Self {
        match error {
            SetupError::Setting { .. } => Self::usage(error.to_string()),
            SetupError::System { .. } => Self::broken(error.to_string()),
        }
    }
}
