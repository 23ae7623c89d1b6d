//! `frontdesk watch`.

use std::{
    io::{self, Write as _},
    time::Duration,
};

use clap::Args;
use frontdesk::user::{UserEvent, WatchUsersRequest};
use tokio::time::sleep;
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;

use super::{
    client::{Access, Desk, Found, Whom},
    events::Events,
    output::{Unread, ended},
};
use crate::failure::Failure;

/// How long it waits before it asks again; each time twice as long, up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// The flags of `frontdesk watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    #[command(flatten)]
    whom: Whom,

    /// The revision from which on changes are wanted; those of that revision are not
    /// [default: from now on]
    #[arg(long, value_name = "REVISION")]
    from: Option<i64>,

    /// Only changes of people with this text in their name or email [default: all]
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,

    /// Only changes of the user with this number [default: all]
    #[arg(long, value_name = "NUMBER")]
    id: Option<i32>,

    /// One JSON object a line (protobuf's JSON mapping); those whose kind is BOOKMARK say only how
    /// far it is
    #[arg(long)]
    json: bool,
}

/// Prints changes as they come, each once and in order, until it is ended. When the server goes it
/// waits until it is back, and goes on from the last change that was printed.
///
/// # Errors
///
/// Nobody answers at the beginning, or what is asked for can't be had.
pub fn run(arguments: WatchArgs) -> Result<(), Failure> {
    let found = arguments.whom.find()?;
    if let Found::Folder(settings) = &found {
        return Err(Failure::usage(format!(
            "no server has {} open, so nothing changes there: start one with `frontdesk serve`, or \
             name one with --server",
            settings.data.display()
        )));
    }
    let watching = Watching {
        request: WatchUsersRequest {
            from_revision: arguments.from,
            query: arguments.query.unwrap_or_default(),
            user_id: arguments.id.unwrap_or_default(),
        },
        events: Events::new(arguments.json)?,
        wait: FIRST_WAIT,
        is_gone: false,
    };
    found.run("frontdesk watch", Access::Reads, async |desk| {
        watching.run(desk).await
    })
}

struct Watching {
    /// Goes on from the last revision that was seen.
    request: WatchUsersRequest,
    events: Events,
    wait: Duration,
    /// Whether it was said that the server is gone.
    is_gone: bool,
}

impl Watching {
    async fn run(mut self, desk: &Desk) -> Result<(), Failure> {
        loop {
            let status = match desk.users.clone().watch_users(self.request.clone()).await {
                Ok(events) => match self.print(events.into_inner()).await {
                    Ok(status) => status,
                    Err(unread) => return ended(Err(unread)),
                },
                Err(status) => status,
            };
            if !gets_better(&status) {
                return Err(hopeless(desk, &status));
            }
            // As long as the server has a call last at the most: it is still there.
            let is_over = status.code() == Code::DeadlineExceeded;
            if !self.is_gone && !is_over {
                self.is_gone = true;
                note(&format!(
                    "{}; waiting for it to be back",
                    desk.failed(&status)
                ));
            }
            sleep(self.wait).await;
            self.wait = (self.wait * 2).min(LONGEST_WAIT);
        }
    }

    /// Prints what comes until it ends; why it did.
    async fn print(&mut self, mut events: Streaming<UserEvent>) -> Result<Status, Unread> {
        loop {
            let event = match events.message().await {
                Ok(Some(event)) => event,
                Ok(None) => return Ok(Status::unavailable("the stream has ended")),
                Err(status) => return Ok(status),
            };
            self.wait = FIRST_WAIT;
            if self.is_gone {
                self.is_gone = false;
                note("it is back");
            }
            self.events.add(&event)?;
            self.events.flush()?;
            self.request.from_revision = Some(event.revision);
        }
    }
}

/// Whether asking again may help.
fn gets_better(status: &Status) -> bool {
    !matches!(
        status.code(),
        Code::InvalidArgument
            | Code::NotFound
            | Code::OutOfRange
            | Code::Unimplemented
            | Code::PermissionDenied
            | Code::Unauthenticated
            | Code::FailedPrecondition
    )
}

fn hopeless(desk: &Desk, status: &Status) -> Failure {
    let failure = desk.failed(status);
    if status.code() != Code::OutOfRange {
        return failure;
    }
    let info = status.get_details_error_info();
    let is_ahead = info.is_some_and(|info| info.reason == "REVISION_TOO_NEW");
    failure.and(if is_ahead {
        "the directory was put back to an older state, or the revision is another one's: watch \
         without --from, or from an earlier revision"
    } else {
        "see what is there by now (`frontdesk users list`), and watch without --from, or from a \
         later revision"
    })
}

/// For the person at the terminal, who may have closed it.
fn note(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}
