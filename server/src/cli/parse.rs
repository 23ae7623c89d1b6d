//! The arguments of the binary.

use clap::{
    CommandFactory as _, FromArgMatches as _, Parser, Subcommand,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::{
    doctor::{self, DoctorArgs},
    error::CliError,
    export::ExportArgs,
    import::ImportArgs,
    seed::SeedArgs,
    serve::ServeArgs,
    users::UsersArgs,
    watch::WatchArgs,
};
use crate::config;

const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  the command failed or was rejected: the user does not exist, the email address is already in
     use, the revision does not match, or an error occurred while the command ran
  2  the command could not be run as given: an argument or a setting is invalid, a file, directory
     or port cannot be used, or no server can be reached";

/// A live user directory with a greeter, over gRPC, gRPC-Web and in the browser
///
/// Without a command, `serve` is run.
#[derive(Debug, Parser)]
#[command(
    name = "frontdesk",
    version = doctor::VERSION,
    args_conflicts_with_subcommands = true,
    after_help = EXIT_CODES
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    #[command(flatten)]
    pub(super) serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve until SIGINT (Ctrl-C) or SIGTERM
    Serve(ServeArgs),
    /// Import users from a CSV file
    ///
    /// An import can be run again, for example after it was interrupted: no user is imported twice.
    Import(ImportArgs),
    /// Export the names and email addresses of all users as a CSV file that `import` accepts
    ///
    /// Values are written verbatim: a spreadsheet may evaluate a name that begins with = as a
    /// formula.
    Export(ExportArgs),
    /// Add sample users, or remove all of them
    Seed(SeedArgs),
    /// Check data directory, database, disk, ports, clock and limits, and suggest fixes
    Doctor(DoctorArgs),
    /// List, show and change users
    Users(UsersArgs),
    /// Print changes as they happen, until interrupted
    Watch(WatchArgs),
}

pub(super) fn parse() -> Result<Cli, CliError> {
    let command = Cli::command()
        .mut_args(|argument| argument.hide_env_values(true))
        .mut_subcommands(|command| command.mut_args(|argument| argument.hide_env_values(true)));
    let parsed = command
        .clone()
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    parsed.or_else(|error| {
        if !error.use_stderr() {
            // `--help` and `--version`.
            error.exit();
        }
        // The parser does not name the variable that an invalid value came from.
        config::check_variables(&command)?;
        Err(CliError::usage(in_one_line(error)))
    })
}

/// The parser's message without the usage.
fn in_one_line(mut error: clap::Error) -> String {
    let subcommand = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(name)) if error.kind() == ErrorKind::ArgumentConflict => {
            Some(name.clone())
        }
        _ => None,
    };
    if let Some(name) = subcommand {
        // Without a subcommand, the flags of `serve` are accepted.
        return format!(
            "flags must come after the subcommand, as in `frontdesk {name} --data DIR`"
        );
    }
    error.insert(ContextKind::Usage, ContextValue::None);
    let message = error.render().to_string();
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let paragraphs = message.trim_end().split("\n\n").map(|paragraph| {
        let words: Vec<_> = paragraph.split_whitespace().collect();
        words.join(" ")
    });
    paragraphs.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_argument_is_documented_with_its_default() {
        let mut pending = vec![Cli::command()];
        while let Some(command) = pending.pop() {
            command.clone().debug_assert();
            for argument in command.get_arguments() {
                let help = argument.get_help().map(ToString::to_string);
                let help = help.unwrap_or_else(|| panic!("no help for {argument}"));
                let has_default = !argument.get_default_values().is_empty()
                    || argument.is_required_set()
                    || !argument.get_action().takes_values()
                    || help.contains("[default: ");
                assert!(has_default, "no default for {argument}: {help}");
            }
            pending.extend(command.get_subcommands().cloned());
        }
    }
}
