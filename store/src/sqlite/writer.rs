//! The writer: one thread that commits queued jobs in groups.

use std::{
    io,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use frontdesk_directory::{Change, ChangeKind, Error};
use rusqlite::Connection;
use tokio::sync::mpsc;

use super::{
    checkpointer::Checkpointer,
    error::{is_full, write_error},
    metadata::Metadata,
    thread::spawn,
    transaction::WriteTransaction,
};
use crate::{
    error::StoreError,
    feed::Feed,
    permits::Permit,
    reply::{Reply, Response},
};

/// The maximum number of queued jobs.
const QUEUE: usize = 256;
/// The maximum number of jobs in one commit.
const GROUP: usize = 64;

/// Work for the writer. The response is sent after the commit: what it reports is on disk.
pub(super) type Job = Box<dyn Run>;

/// Makes a job, which holds the permit until its response is sent. `work` may run more than once, each
/// time in a new transaction after the earlier ones were rolled back. It does not run if the response
/// is no longer awaited, or after the deadline.
pub(super) fn job<T: Send + 'static>(
    deadline: Option<Instant>,
    permit: Option<Permit>,
    work: impl FnMut(&mut WriteTransaction<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> (Job, Response<T>) {
    let (reply, response) = Reply::new(permit);
    let job = Work {
        run: work,
        deadline,
        result: None,
        reply,
    };
    (Box::new(job), response)
}

pub(super) trait Run: Send {
    fn run(&mut self, transaction: &mut WriteTransaction<'_>) -> rusqlite::Result<()>;

    fn respond(self: Box<Self>, committed: Result<(), &rusqlite::Error>);
}

struct Work<T, F> {
    run: F,
    deadline: Option<Instant>,
    result: Option<T>,
    reply: Reply<T>,
}

impl<T, F> Run for Work<T, F>
where
    T: Send,
    F: FnMut(&mut WriteTransaction<'_>) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, transaction: &mut WriteTransaction<'_>) -> rusqlite::Result<()> {
        let is_late = self.deadline.is_some_and(|end| end <= Instant::now());
        self.result = if is_late || self.reply.is_closed() {
            None
        } else {
            Some((self.run)(transaction)?)
        };
        Ok(())
    }

    fn respond(self: Box<Self>, committed: Result<(), &rusqlite::Error>) {
        self.reply.send(match (self.result, committed) {
            (_, Err(error)) => Err(write_error(error)),
            (Some(result), Ok(())) => Ok(result),
            (None, Ok(())) => Err(Error::DeadlineExceeded),
        });
    }
}

/// Starts the writer. It ends when the last sender is dropped and all jobs are done.
///
/// `feed` is called in the thread, before the first job: its followers may read over the writer's
/// connection.
pub(super) fn start(
    db: Connection,
    trash_retention: Duration,
    checkpointer: Checkpointer,
    feed: impl for<'db> FnOnce(&'db Connection) -> Feed<'db> + Send + 'static,
) -> io::Result<(mpsc::Sender<Job>, thread::JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let thread = spawn("store-writer", move || {
        let writer = Writer {
            db: &db,
            trash_retention,
            feed: feed(&db),
            disk: DiskState::default(),
        };
        writer.run(receiver, &checkpointer);
    })?;
    Ok((sender, thread))
}

struct Writer<'db> {
    db: &'db Connection,
    trash_retention: Duration,
    feed: Feed<'db>,
    disk: DiskState,
}

/// What a group has committed.
struct Written {
    creates_users: bool,
}

/// Why a group was not committed.
enum GroupError {
    /// A job failed, or the disk has no space for all of them: alone, the others may succeed.
    Job(rusqlite::Error),
    /// The transaction could not begin or commit: each job alone would fail, too.
    Transaction(rusqlite::Error),
}

impl GroupError {
    fn error(&self) -> &rusqlite::Error {
        match self {
            Self::Job(error) | Self::Transaction(error) => error,
        }
    }
}

impl Writer<'_> {
    fn run(mut self, mut queue: mpsc::Receiver<Job>, checkpointer: &Checkpointer) {
        let mut group = Vec::with_capacity(GROUP);
        while queue.blocking_recv_many(&mut group, GROUP) > 0 {
            match self.write(&mut group) {
                Err(GroupError::Job(_)) if group.len() > 1 => {
                    for job in group.drain(..) {
                        let mut alone = [job];
                        let written = self.write(&mut alone);
                        self.respond(alone, &written);
                    }
                }
                written => self.respond(group.drain(..), &written),
            }
            checkpointer.check(self.db);
        }
    }

    /// Commits a group and publishes its changes, before any response is sent.
    fn write(&mut self, group: &mut [Job]) -> Result<Written, GroupError> {
        let (metadata, changes) = self.commit(group)?;
        self.feed.publish(&changes, metadata.head());
        let creates = |change: &Arc<Change>| change.kind == ChangeKind::Created;
        Ok(Written {
            creates_users: changes.iter().any(creates),
        })
    }

    fn respond(
        &mut self,
        group: impl IntoIterator<Item = Job>,
        written: &Result<Written, GroupError>,
    ) {
        self.disk.log(written);
        for job in group {
            job.respond(written.as_ref().map(|_| ()).map_err(GroupError::error));
        }
    }

    /// Runs a group in one transaction: all of it, or nothing.
    ///
    /// Not with a savepoint for each job, for which `SQLite` would write each changed page once more;
    /// and when the disk is full, it rolls the whole transaction back in any case.
    fn commit(&self, group: &mut [Job]) -> Result<(Metadata, Vec<Arc<Change>>), GroupError> {
        let db = self.db;
        // IMMEDIATE: a transaction that reads first could not be upgraded to write.
        db.execute_batch("BEGIN IMMEDIATE")
            .map_err(GroupError::Transaction)?;
        let run = WriteTransaction::begin(db, self.trash_retention).and_then(|mut transaction| {
            for job in group {
                job.run(&mut transaction)?;
                // Otherwise each further statement would be committed on its own.
                if db.is_autocommit() {
                    return Err(rolled_back());
                }
            }
            transaction.finish()
        });
        let committed = run.map_err(GroupError::Job).and_then(|written| {
            let commit = db.execute_batch("COMMIT");
            commit.map(|()| written).map_err(|error| {
                if is_full(&error) {
                    GroupError::Job(error)
                } else {
                    GroupError::Transaction(error)
                }
            })
        });
        committed.inspect_err(|_| {
            if !db.is_autocommit()
                && let Err(error) = db.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "a failed transaction could not be rolled back");
            }
        })
    }
}

/// Whether the disk was full at the last commit; logs when that changes.
#[derive(Debug, Default)]
struct DiskState {
    is_full: bool,
    logged: Option<Instant>,
}

impl DiskState {
    /// With little space left, short changes succeed and long ones fail in turns.
    const LOG_INTERVAL: Duration = Duration::from_mins(1);

    fn log(&mut self, written: &Result<Written, GroupError>) {
        match written {
            Err(failed) if is_full(failed.error()) => {
                let is_due = |logged: Instant| logged.elapsed() >= Self::LOG_INTERVAL;
                if !self.is_full && self.logged.is_none_or(is_due) {
                    self.logged = Some(Instant::now());
                    let error = StoreError::of(failed.error());
                    tracing::error!(%error, "changes are rejected, reads continue");
                }
                self.is_full = true;
            }
            // A change that creates no user may need no space.
            Ok(Written {
                creates_users: true,
            }) if self.is_full => {
                self.is_full = false;
                tracing::info!("the disk has space for changes again");
            }
            _ => {}
        }
    }
}

fn rolled_back() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT),
        Some("the transaction was rolled back".to_owned()),
    )
}
