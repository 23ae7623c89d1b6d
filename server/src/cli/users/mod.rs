//! `frontdesk users`.

mod commands;
mod common;
mod history;
mod list;
mod output;

use clap::{Args, Subcommand};

use super::error::CliError;

/// The arguments of `frontdesk users`.
#[derive(Debug, Args)]
pub(super) struct UsersArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List users: all, one page, or those that match a query
    List(list::ListArgs),
    /// Show users by ID
    Get(commands::GetArgs),
    /// Create a user
    Create(commands::CreateArgs),
    /// Update a user's name, email address or both
    Update(commands::UpdateArgs),
    /// Move a user to the trash, where it can be restored until the server's `--trash-days` have passed
    Delete(commands::UserArgs),
    /// Restore a user from the trash
    Restore(commands::UserArgs),
    /// Show the change log of one user or all users, newest change first
    History(history::HistoryArgs),
}

/// Runs a command on users.
///
/// # Errors
///
/// The server cannot be reached, or the call failed.
pub(super) fn run(arguments: UsersArgs) -> Result<(), CliError> {
    match arguments.command {
        Command::List(arguments) => list::run(arguments),
        Command::Get(arguments) => commands::get(arguments),
        Command::Create(arguments) => commands::create(arguments),
        Command::Update(arguments) => commands::update(arguments),
        Command::Delete(arguments) => commands::delete(arguments),
        Command::Restore(arguments) => commands::restore(arguments),
        Command::History(arguments) => history::run(arguments),
    }
}
