//! Every setting of the server: its flag, environment variable, key in the configuration file and
//! default. A flag takes precedence over the variable, the variable over the file, and the file
//! over the default.
//!
//! The command-line parser reads values from all three places, so that they follow the same rules
//! and are checked once.

mod file;
mod flags;
mod settings;
mod source;
mod values;

use std::path::Path;

use clap::{Args as _, Command, FromArgMatches as _};

pub(crate) use self::source::check_variables;
pub use self::{
    flags::Flags,
    settings::{ListCompression, LogFormat, Settings},
    source::{Source, Sources},
};
use crate::cli::error::CliError;

impl Settings {
    /// Combines flags, variables and the file at `path` with the defaults.
    ///
    /// # Errors
    ///
    /// A value is invalid; the message names the setting and where the value came from.
    pub fn load(flags: Flags, path: Option<&Path>) -> Result<(Self, Sources), CliError> {
        let command = Self::augment_args(Command::new("frontdesk").no_binary_name(true));
        check_variables(&command)?;
        let (mut command, in_file) = match path {
            Some(path) => file::apply(command, path)?,
            None => (command, Vec::new()),
        };
        let invalid = |error: clap::Error| CliError::usage(values::reason(&error));
        let matches = command.try_get_matches_from_mut(flags).map_err(invalid)?;
        let sources = Sources::new(&command, &matches, path, &in_file);
        let settings = Self::from_arg_matches(&matches).map_err(invalid)?;
        settings.check()?;
        Ok((settings, sources))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_defaults_are_valid() {
        Settings::default().check().expect("valid");
    }

    #[test]
    fn a_flag_takes_precedence_over_the_file() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("frontdesk.toml");
        fs::write(&path, "max_calls = 900\nmax_streams = 9\n").expect("written");
        let command = Flags::augment_args(Command::new("frontdesk"));
        let matches = command.get_matches_from(["frontdesk", "--max-calls", "800"]);
        let flags = Flags::from_arg_matches(&matches).expect("valid");
        let (settings, sources) = Settings::load(flags, Some(&path)).expect("valid");
        assert_eq!((settings.max_calls, settings.max_streams), (800, 9));
        assert_eq!(sources.source("max_calls"), Source::Flag);
        assert_eq!(sources.source("max_streams"), Source::File(path));
        assert_eq!(sources.source("max_sockets"), Source::Default);
    }
}
