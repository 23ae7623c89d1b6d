//! `frontdesk users history`.

use clap::Args;
use frontdesk::user::ListChangesRequest;

use super::{Access, Common};
use crate::{
    cli::{
        events::Events,
        output::{Unread, ended},
    },
    failure::Failure,
};

/// The flags of `frontdesk users history`.
#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    #[command(flatten)]
    common: Common,

    /// Their number [default: everybody's changes]
    #[arg(default_value_t = 0, hide_default_value = true)]
    id: i32,

    /// At most so many changes [default: all that are on record]
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true,
        value_parser = clap::value_parser!(i32).range(0..)
    )]
    limit: i32,

    /// Only changes before this revision [default: from the newest]
    #[arg(
        long,
        value_name = "REVISION",
        default_value_t = 0,
        hide_default_value = true
    )]
    before: i64,
}

pub(super) fn run(arguments: HistoryArgs) -> Result<(), Failure> {
    let request = ListChangesRequest {
        user_id: arguments.id,
        before_revision: arguments.before,
        limit: arguments.limit,
    };
    let common = arguments.common;
    common.run(Access::Reads, async |desk, json| {
        let failed = |status| desk.failed(&status);
        let changes = desk.users.clone().list_changes(request).await;
        let mut changes = changes.map_err(failed)?.into_inner();
        let mut events = Events::new(json)?;
        loop {
            match changes.message().await.map_err(failed) {
                Ok(Some(event)) => match events.add(&event) {
                    Ok(()) => {}
                    Err(Unread::ReadEnough) => return Ok(()),
                    unwritable => return ended(unwritable),
                },
                Ok(None) => return ended(events.flush()),
                Err(failure) => return ended(events.flush()).and(Err(failure)),
            }
        }
    })
}
