//! `frontdesk users history`.

use clap::Args;
use frontdesk::user::ListChangesRequest;

use super::common::CommonArgs;
use crate::cli::{
    client::Access,
    error::CliError,
    output::{EventPrinter, PrintError, finish},
};

#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    #[command(flatten)]
    common: CommonArgs,

    /// ID of the user [default: all users]
    #[arg(default_value_t = 0, hide_default_value = true)]
    id: i32,

    /// Maximum number of changes [default: all changes in the change log]
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true,
        value_parser = clap::value_parser!(i32).range(0..)
    )]
    limit: i32,

    /// Only changes before this revision [default: none]
    #[arg(
        long,
        value_name = "REVISION",
        default_value_t = 0,
        hide_default_value = true
    )]
    before: i64,
}

pub(super) fn run(arguments: HistoryArgs) -> Result<(), CliError> {
    let request = ListChangesRequest {
        user_id: arguments.id,
        before_revision: arguments.before,
        limit: arguments.limit,
    };
    let common = arguments.common;
    common.run(Access::Read, async |client, json| {
        let failed = |status| client.error(&status);
        let changes = client.users.clone().list_changes(request).await;
        let mut changes = changes.map_err(failed)?.into_inner();
        let mut printer = EventPrinter::new(json)?;
        loop {
            match changes.message().await.map_err(failed) {
                Ok(Some(event)) => match printer.print(&event) {
                    Ok(()) => {}
                    Err(PrintError::Closed) => return Ok(()),
                    error => return finish(error),
                },
                Ok(None) => return finish(printer.flush()),
                Err(error) => return finish(printer.flush()).and(Err(error)),
            }
        }
    })
}
