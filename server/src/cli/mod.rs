//! What the binary can be told to do: one file a subcommand.

mod client;
pub mod doctor;
mod events;
pub mod export;
pub mod import;
mod output;
mod progress;
pub mod seed;
pub mod serve;
pub mod users;
pub mod watch;

use std::{
    collections::HashMap,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use clap::{
    Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand,
    error::{ContextKind, ErrorKind},
};
use confique::{
    Config as _, Layer as _,
    meta::{Expr, FieldKind, LeafKind},
};

use crate::{
    config::{Flags, Settings, words},
    failure::Failure,
};
use frontdesk_directory::Error;
use frontdesk_store as store;

/// What `--version` prints behind the name: the release, and the commit it is made from.
const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (",
    env!("FRONTDESK_COMMIT"),
    ")"
);

const EXIT_CODES: &str = "\
Exit codes:
  0  it is done
  1  it was refused (nobody has that number, somebody has that email, they were changed since), or
     something broke on the way
  2  it can't be done as it was asked for: a flag, a field, a file, a folder, a port, a server that
     does not answer";

/// A user directory with a greeter, over gRPC, gRPC-Web and in the browser.
///
/// Without a command it serves.
#[derive(Debug, Parser)]
#[command(
    name = "frontdesk",
    version = VERSION,
    args_conflicts_with_subcommands = true,
    after_help = EXIT_CODES
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: serve::ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answers on its addresses until it is told to stop (Ctrl-C, SIGTERM)
    Serve(Box<serve::ServeArgs>),
    /// Adds the people of a CSV file; can be run again: it takes nobody twice
    Import(import::ImportArgs),
    /// Writes everybody's name and email as a CSV file that can be imported
    ///
    /// Cells are written to the letter: a spreadsheet may take a name that begins with = for a formula.
    Export(export::ExportArgs),
    /// Adds sample people, or removes all of them
    Seed(seed::SeedArgs),
    /// Looks at folder, database, disk, ports, clock and limits, and says what to do
    Doctor(doctor::DoctorArgs),
    /// Lists, shows and changes people, for scripts
    Users(users::UsersArgs),
    /// Prints changes as they come, until it is ended
    Watch(watch::WatchArgs),
}

/// Where the directory is, for commands that work on it without serving.
#[derive(Debug, Args)]
pub struct Place {
    /// The folder, where a flag says.
    #[arg(
        long,
        value_name = "FOLDER",
        help = "Folder that the directory is kept in [default: ./frontdesk-data] [env: FRONTDESK_DATA]"
    )]
    data: Option<PathBuf>,

    /// A file of settings.
    #[arg(
        long,
        value_name = "FILE",
        env = "FRONTDESK_CONFIG",
        hide_env = true,
        help = "TOML file with settings [default: none] [env: FRONTDESK_CONFIG]"
    )]
    config: Option<PathBuf>,
}

impl Place {
    /// The folder, by flag, variable, file or default.
    ///
    /// # Errors
    ///
    /// Where a variable or the file can't be read.
    pub fn data(self) -> Result<PathBuf, Failure> {
        Ok(self.settings()?.data)
    }

    /// All settings, as `frontdesk serve` would have them without other flags.
    fn settings(self) -> Result<Settings, Failure> {
        let flags = Flags {
            data: self.data,
            ..Flags::empty()
        };
        Settings::load(flags, self.config.as_ref())
    }

    /// The same, for a command that makes a directory where there is none: it says so then, as the
    /// folder may be another than was meant.
    ///
    /// # Errors
    ///
    /// As [`Self::data`].
    fn data_or_new(self) -> Result<PathBuf, Failure> {
        let data = self.data()?;
        if !store::is_there(&data) {
            say_new(&data);
        }
        Ok(data)
    }
}

/// Says that a directory is made: the folder may be another than was meant.
fn say_new(data: &Path) {
    // Nobody reading it is no failure.
    let _ = writeln!(
        io::stderr(),
        "there is no directory yet in {}: a new one is made",
        data.display()
    );
}

/// Does what the command line says.
///
/// # Errors
///
/// One line that says what could not be done.
pub fn run() -> Result<(), Failure> {
    let cli = parse()?;
    match cli.command {
        None => serve::run(cli.serve),
        Some(Command::Serve(arguments)) => serve::run(*arguments),
        Some(Command::Import(arguments)) => import::run(arguments),
        Some(Command::Export(arguments)) => export::run(arguments),
        Some(Command::Seed(arguments)) => seed::run(arguments),
        Some(Command::Doctor(arguments)) => doctor::run(arguments),
        Some(Command::Users(arguments)) => users::run(arguments),
        Some(Command::Watch(arguments)) => watch::run(arguments),
    }
}

/// What a command says when the directory fails it: who runs it may see the cause.
fn broken(error: &Error) -> Failure {
    Failure::broken(match error {
        Error::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    })
}

/// What a command says of what it has done, on standard output. Nobody reading it is no failure;
/// where it can't be written, the failure says it.
fn say(done: &str) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{done}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::broken(format!("standard output: {error}")).after(done))
        }
        _ => Ok(()),
    }
}

fn parse() -> Result<Cli, Failure> {
    let documented = documented_defaults();
    let mut command = Cli::command();
    let document = |command: clap::Command| {
        command.mut_args(
            |argument| match documented.get(argument.get_id().as_str()) {
                Some(default) => {
                    let help = argument
                        .get_help()
                        .map(ToString::to_string)
                        .unwrap_or_default();
                    argument.help(format!("{help} {default}"))
                }
                None => argument,
            },
        )
    };
    command = document(command).mut_subcommand("serve", document);
    command
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches))
        .or_else(|error| {
            if error.use_stderr() {
                Err(Failure::usage(in_one_line(&error)))
            } else {
                // Help and the version: what was asked for.
                error.exit()
            }
        })
}

/// What clap says of an argument, without its repetition of how the command is used.
fn in_one_line(error: &clap::Error) -> String {
    let said = error.render().to_string();
    let words = said.split("\n\nUsage:").next().unwrap_or(&said);
    let words = words
        .split("\n\nFor more information")
        .next()
        .unwrap_or(words);
    let words = words::plain(words);
    let words = words.strip_prefix("error: ").unwrap_or(&words);
    let hint = match error.get(ContextKind::InvalidSubcommand) {
        // Without a subcommand the flags of `serve` are those of the whole.
        Some(subcommand) if error.kind() == ErrorKind::ArgumentConflict => {
            format!(
                " before it: flags stand behind the subcommand, as in `frontdesk {subcommand} --data FOLDER`"
            )
        }
        _ => String::new(),
    };
    format!("{words}{hint}; --help says more")
}

/// `[default: …] [env: …]` for every setting, from the one place that says them: `config.rs`.
fn documented_defaults() -> HashMap<&'static str, String> {
    let leaves = Settings::META
        .fields
        .iter()
        .filter_map(|field| match &field.kind {
            FieldKind::Leaf { env, kind } => Some((field.name, env.unwrap_or_default(), kind)),
            FieldKind::Nested { .. } => None,
        });
    leaves
        .map(|(name, env, kind)| {
            let default = match kind {
                LeafKind::Required {
                    default: Some(default),
                } => in_words(default),
                _ => "none".to_owned(),
            };
            (name, format!("[default: {default}] [env: {env}]"))
        })
        .collect()
}

fn in_words(value: &Expr) -> String {
    match value {
        Expr::Str(text) => (*text).to_owned(),
        Expr::Integer(number) => number.to_string(),
        Expr::Float(number) => number.to_string(),
        Expr::Bool(yes) => yes.to_string(),
        Expr::Array([]) => "none".to_owned(),
        Expr::Array(values) => values.iter().map(in_words).collect::<Vec<_>>().join(","),
        _ => "see the documentation".to_owned(),
    }
}
