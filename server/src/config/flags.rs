//! The flags of the settings.

use std::{ffi::OsString, path::PathBuf};

use clap::{ArgMatches, Args, Command, FromArgMatches, parser::ValueSource};

use super::settings::Settings;

/// The flags given on the command line, without values from variables or defaults.
#[derive(Debug, Clone, Default)]
pub struct Flags(Vec<OsString>);

impl Flags {
    pub(crate) fn with_data(directory: Option<PathBuf>) -> Self {
        let flags = directory
            .into_iter()
            .flat_map(|it| ["--data".into(), it.into()]);
        Self(flags.collect())
    }
}

impl IntoIterator for Flags {
    type Item = OsString;
    type IntoIter = std::vec::IntoIter<OsString>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Vec::new();
        for argument in Settings::augment_args(Command::new("frontdesk")).get_arguments() {
            let id = argument.get_id().as_str();
            if matches.value_source(id) != Some(ValueSource::CommandLine) {
                continue;
            }
            for value in matches.get_raw(id).into_iter().flatten() {
                let mut flag = OsString::from("--");
                flag.push(argument.get_long().unwrap_or_default());
                flag.push("=");
                flag.push(value);
                flags.push(flag);
            }
        }
        Ok(Self(flags))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        Settings::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Settings::augment_args_for_update(command)
    }
}
