//! `frontdesk watch`.

use std::time::Duration;

use clap::Args;
use frontdesk::user::{UserEvent, WatchUsersRequest};
use tokio::time::sleep;
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;

use super::{
    client::{Access, Client, Target, TargetArgs},
    error::CliError,
    output::{EventPrinter, PrintError, finish, note},
};

/// The delay before a watch is resumed, which doubles with each attempt.
const MIN_DELAY: Duration = Duration::from_millis(250);
const MAX_DELAY: Duration = Duration::from_secs(15);

/// The arguments of `frontdesk watch`.
#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Print the changes after this revision, and then those that follow
    /// [default: the current revision]
    #[arg(long, value_name = "REVISION")]
    from: Option<i64>,

    /// Only changes of users whose name or email address contains this text [default: all users]
    #[arg(long, value_name = "TEXT")]
    query: Option<String>,

    /// Only changes of the user with this ID [default: all users]
    #[arg(long, value_name = "ID")]
    id: Option<i32>,

    /// Print one JSON object per line (JSON mapping of protobuf). Objects of kind BOOKMARK have a
    /// revision to resume from, and no change
    #[arg(long)]
    json: bool,
}

/// Prints changes, each once and in order of their revisions, until interrupted. When the server is
/// unavailable, waits until it is back and resumes after the last change.
///
/// # Errors
///
/// The server cannot be reached at the start, or rejects the request.
pub(super) fn run(arguments: WatchArgs) -> Result<(), CliError> {
    let target = arguments.target.resolve()?;
    if let Target::DataDirectory(settings) = &target {
        return Err(CliError::usage(format!(
            "no server has {} open, so there are no changes to watch: start one with `frontdesk \
             serve`, or specify one with --server",
            settings.data.display()
        )));
    }
    let watch = Watch {
        request: WatchUsersRequest {
            from_revision: arguments.from,
            query: arguments.query.unwrap_or_default(),
            user_id: arguments.id.unwrap_or_default(),
        },
        printer: EventPrinter::new(arguments.json)?,
        delay: MIN_DELAY,
        is_unavailable: false,
    };
    target.run("frontdesk watch", Access::Read, async |client| {
        watch.run(client).await
    })
}

struct Watch {
    /// Resumes after the last revision received.
    request: WatchUsersRequest,
    printer: EventPrinter,
    delay: Duration,
    /// Whether the user has been notified that the server is unavailable.
    is_unavailable: bool,
}

impl Watch {
    async fn run(mut self, client: &Client) -> Result<(), CliError> {
        loop {
            let request = self.request.clone();
            let status = match client.users.clone().watch_users(request).await {
                Ok(events) => match self.print(events.into_inner()).await {
                    Ok(status) => status,
                    Err(error) => return finish(Err(error)),
                },
                Err(status) => status,
            };
            if !is_retryable(&status) {
                return Err(to_error(client, &status));
            }
            // The server ends every call after `--call-timeout`.
            let is_timeout = status.code() == Code::DeadlineExceeded;
            if !self.is_unavailable && !is_timeout {
                self.is_unavailable = true;
                note(&format!("{}; reconnecting", client.error(&status)));
            }
            sleep(self.delay).await;
            self.delay = (self.delay * 2).min(MAX_DELAY);
        }
    }

    /// Prints events until the stream ends; returns its status.
    async fn print(&mut self, mut events: Streaming<UserEvent>) -> Result<Status, PrintError> {
        loop {
            let event = match events.message().await {
                Ok(Some(event)) => event,
                Ok(None) => return Ok(Status::unavailable("the stream has ended")),
                Err(status) => return Ok(status),
            };
            self.delay = MIN_DELAY;
            if self.is_unavailable {
                self.is_unavailable = false;
                note("reconnected");
            }
            self.printer.print(&event)?;
            self.printer.flush()?;
            self.request.from_revision = Some(event.revision);
        }
    }
}

fn is_retryable(status: &Status) -> bool {
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

fn to_error(client: &Client, status: &Status) -> CliError {
    let error = client.error(status);
    if status.code() != Code::OutOfRange {
        return error;
    }
    let info = status.get_details_error_info();
    let is_ahead = info.is_some_and(|info| info.reason == "REVISION_TOO_NEW");
    error.with_hint(if is_ahead {
        "the directory was restored to an older state, or the revision is of another directory: \
         watch without --from, or from an earlier revision"
    } else {
        "list the users (`frontdesk users list`), and watch without --from, or from a later \
         revision"
    })
}
