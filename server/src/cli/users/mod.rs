//! `frontdesk users`.

mod changes;
mod list;
mod one;
mod people;

use clap::{Args, Subcommand};

use self::people::People;
use super::client::{Access, Desk, Whom};
use crate::failure::Failure;

/// The flags of `frontdesk users`.
#[derive(Debug, Args)]
pub struct UsersArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists people: everybody, a page, or who matches a text
    List(list::ListArgs),
    /// Shows people by their numbers
    Get(one::GetArgs),
    /// Adds somebody
    Create(one::CreateArgs),
    /// Changes somebody's name, email or both
    Update(one::UpdateArgs),
    /// Puts somebody into the bin, from where they can be restored for a time (the server's `--bin-days`)
    Delete(one::DeleteArgs),
    /// Takes somebody out of the bin
    Restore(one::RestoreArgs),
    /// Shows what was changed about somebody, newest first
    ChangeLogQuery(changes::HistoryArgs),
}

/// What all of them can be told.
#[derive(Debug, Args)]
struct Common {
    #[command(flatten)]
    whom: Whom,

    /// One JSON object a line (protobuf's JSON mapping) instead of a table
    #[arg(long)]
    json: bool,
}

impl Common {
    /// Does the work at the desk.
    fn run(
        self,
        access: Access,
        work: impl AsyncFnOnce(&Desk, bool) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let json = self.json;
        let found = self.whom.find()?;
        found.run("frontdesk users", access, async |desk| {
            work(desk, json).await
        })
    }
}

/// Does what is asked of one user, or of many.
///
/// # Errors
///
/// Nobody answers, or what was asked for was refused.
pub fn run(arguments: UsersArgs) -> Result<(), Failure> {
    match arguments.command {
        Command::List(arguments) => list::run(arguments),
        Command::Get(arguments) => one::get(arguments),
        Command::Create(arguments) => one::create(arguments),
        Command::Update(arguments) => one::update(arguments),
        Command::Delete(arguments) => one::delete(arguments),
        Command::Restore(arguments) => one::restore(arguments),
        Command::ChangeLogQuery(arguments) => changes::run(arguments),
    }
}
