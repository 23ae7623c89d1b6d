//! The data directory of commands that do not serve.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{error::CliError, output::note};
use crate::config::{Flags, Settings, Sources};

/// The arguments that select a data directory.
#[derive(Debug, Args)]
pub(super) struct Location {
    #[arg(
        long,
        value_name = "DIR",
        help = "Data directory [default: ./frontdesk-data] [env: FRONTDESK_DATA]"
    )]
    pub(super) data: Option<PathBuf>,

    /// Configuration file in TOML format [default: none]
    #[arg(long, value_name = "FILE", env = "FRONTDESK_CONFIG")]
    pub(super) config: Option<PathBuf>,
}

impl Location {
    /// The settings that `frontdesk serve` would have without other flags.
    pub(super) fn settings(self) -> Result<(Settings, Sources), CliError> {
        Settings::load(Flags::with_data(self.data), self.config.as_deref())
    }
}

/// Notes that a directory is created, because `--data` may be misspelled.
pub(super) fn note_new(data: &Path) {
    note(&format!("creating a new directory in {}", data.display()));
}
