//! Where the value of each setting came from.

use std::{
    env,
    ffi::OsStr,
    fmt,
    path::{Path, PathBuf},
};

use clap::{Arg, ArgMatches, Command, parser::ValueSource};

use super::values;
use crate::cli::error::CliError;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// The environment.
    Variable,
    /// The configuration file.
    File(PathBuf),
    /// The default.
    Default,
}

/// The sources of the settings that are not at their defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources(Vec<(String, Source)>);

impl Sources {
    /// `in_file` are the settings that the file at `path` contains.
    pub(super) fn new(
        command: &Command,
        matches: &ArgMatches,
        path: Option<&Path>,
        in_file: &[String],
    ) -> Self {
        let sources = command.get_arguments().filter_map(|argument| {
            let id = argument.get_id().to_string();
            let source = match (matches.value_source(&id)?, path) {
                (ValueSource::CommandLine, _) => Source::Flag,
                (ValueSource::EnvVariable, _) => Source::Variable,
                (_, Some(path)) if in_file.contains(&id) => Source::File(path.to_owned()),
                _ => return None,
            };
            Some((id, source))
        });
        Self(sources.collect())
    }

    /// Where the value of the setting with this key came from.
    #[must_use]
    pub fn source(&self, key: &str) -> Source {
        let found = self.0.iter().find(|(id, _)| id == key);
        found.map_or(Source::Default, |(_, source)| source.clone())
    }
}

impl fmt::Display for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("all defaults");
        }
        for (index, (id, source)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            match source {
                Source::Flag => write!(f, "{id} (flag)")?,
                Source::Variable => write!(f, "{id} (variable)")?,
                Source::File(path) => write!(f, "{id} ({})", path.display())?,
                Source::Default => write!(f, "{id} (default)")?,
            }
        }
        Ok(())
    }
}

/// Checks the environment variables of a command's arguments.
///
/// The parser names the flag where a variable is invalid, and accepts an empty variable, which
/// could mean the default or no value.
pub(crate) fn check_variables(command: &Command) -> Result<(), CliError> {
    for argument in command.get_arguments() {
        let Some(name) = argument.get_env() else {
            continue;
        };
        let Some(value) = env::var_os(name) else {
            continue;
        };
        check_value(argument, &value)
            .map_err(|reason| CliError::usage(format!("{}: {reason}", name.display())))?;
    }
    Ok(())
}

/// Checks one value of an argument; the error describes why it is invalid.
pub(super) fn check_value(argument: &Arg, value: &OsStr) -> Result<(), String> {
    if value.is_empty() {
        return Err("is empty; give it a value, or remove it for the default".to_owned());
    }
    let mut flag = OsStr::new("--").to_owned();
    flag.push(argument.get_long().unwrap_or_default());
    flag.push("=");
    flag.push(value);
    Command::new("frontdesk")
        .no_binary_name(true)
        .arg(argument.clone().env(None::<&str>))
        .try_get_matches_from([flag])
        .map(drop)
        .map_err(|error| values::reason(&error))
}
