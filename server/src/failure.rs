//! Why the server cannot start.

pub use crate::cli::error::CliError as Failure;
