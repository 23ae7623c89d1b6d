//! The command line: one file per subcommand.

mod client;
mod csv;
mod doctor;
pub mod error;
mod export;
mod import;
mod location;
mod output;
mod parse;
mod seed;
mod serve;
mod store_error;
mod users;
mod watch;

use self::{
    error::CliError,
    parse::{Command, parse},
};

/// Runs the command that the command line names.
///
/// # Errors
///
/// The command line is invalid, or the command failed.
pub fn run() -> Result<(), CliError> {
    let cli = parse()?;
    match cli.command {
        None => serve::run(cli.serve),
        Some(Command::Serve(arguments)) => serve::run(arguments),
        Some(Command::Import(arguments)) => import::run(arguments),
        Some(Command::Export(arguments)) => export::run(arguments),
        Some(Command::Seed(arguments)) => seed::run(arguments),
        Some(Command::Doctor(arguments)) => doctor::run(arguments),
        Some(Command::Users(arguments)) => users::run(arguments),
        Some(Command::Watch(arguments)) => watch::run(arguments),
    }
}
