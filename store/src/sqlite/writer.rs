//! The one writer: a thread that commits what has queued up together.

use std::{
    io,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{
    checkpointer::Checkpointer,
    error::{explain, failed, is_full},
    metadata::{AppliedChange, Metadata, WriteTransaction},
    recent_changes::RecentChanges,
    threads::spawn,
};
use frontdesk_directory::{ChangeKind, Error};

/// How many pieces of work wait at most.
const QUEUE: usize = 256;
/// How many pieces of work one commit takes at most.
const GROUP: usize = 64;

/// Work to be done in a transaction; then, once it is known whether that was committed, an answer.
pub(super) type Work = Box<dyn Job>;

/// Makes work for the writer, and what its answer comes through. The answer comes after the
/// commit: what it says is on disk. The work may be done more than once, each time in a transaction
/// that knows nothing of the times before; not at all where nobody waits for its answer when its turn
/// has come.
pub(super) fn work<T: Send + 'static>(
    work: impl FnMut(&mut WriteTransaction<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> (Work, oneshot::Receiver<Result<T, Error>>) {
    let (reply, answer) = oneshot::channel();
    let done = None;
    (Box::new(Piece { work, done, reply }), answer)
}

pub(super) trait Job: Send {
    fn run(&mut self, changing: &mut WriteTransaction<'_>) -> rusqlite::Result<()>;

    fn answer(self: Box<Self>, committed: Result<(), &rusqlite::Error>);
}

struct Piece<T, F> {
    work: F,
    done: Option<T>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Job for Piece<T, F>
where
    T: Send,
    F: FnMut(&mut WriteTransaction<'_>) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, changing: &mut WriteTransaction<'_>) -> rusqlite::Result<()> {
        if self.reply.is_closed() {
            return Ok(());
        }
        self.done = Some((self.work)(changing)?);
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), &rusqlite::Error>) {
        let result = match (self.done, committed) {
            (Some(done), Ok(())) => Ok(done),
            (_, Err(error)) => Err(failed(error)),
            // Nobody waited for it.
            (None, Ok(())) => return,
        };
        // Who asked may have stopped waiting since; what was done is done.
        self.reply.send(result).ok();
    }
}

/// Starts the writer. It ends when the last sender is gone and all work is done.
pub(super) fn start(
    db: Connection,
    live: Arc<RecentChanges>,
    checkpointer: Checkpointer,
) -> io::Result<(mpsc::Sender<Work>, thread::JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let thread = spawn("store-writer", move || {
        run(&db, receiver, &live, &checkpointer);
    })?;
    Ok((sender, thread))
}

fn run(
    db: &Connection,
    mut queue: mpsc::Receiver<Work>,
    live: &RecentChanges,
    checkpointer: &Checkpointer,
) {
    let mut group = Vec::with_capacity(GROUP);
    let mut room = Room::default();
    live.finding.make(db);
    while queue.blocking_recv_many(&mut group, GROUP) > 0 {
        match settle(db, &mut group, live) {
            // One of them may be why: alone, that one fails and the others do not.
            Err(Unsettled::InWork(_)) if group.len() > 1 => {
                for work in group.drain(..) {
                    let mut alone = [work];
                    let settled = settle(db, &mut alone, live);
                    room.look(&settled);
                    answer(alone, &settled);
                }
            }
            settled => {
                room.look(&settled);
                answer(group.drain(..), &settled);
            }
        }
        checkpointer.look(db);
    }
}

/// What a group has come to that is on disk.
struct Settled {
    /// Whether it has added anybody.
    grew: bool,
}

/// Why a group has not been committed.
enum Unsettled {
    /// The work of one of them failed, or there was no room for all of it.
    InWork(rusqlite::Error),
    /// It could not be begun, or not be put on disk: so it is for each alone.
    Else(rusqlite::Error),
}

impl Unsettled {
    fn error(&self) -> &rusqlite::Error {
        match self {
            Self::InWork(error) | Self::Else(error) => error,
        }
    }
}

/// Does the work of a group and tells of it, before who asked is answered: they find what they wrote.
fn settle(db: &Connection, group: &mut [Work], live: &RecentChanges) -> Result<Settled, Unsettled> {
    let (facts, made) = commit(db, group)?;
    let grew = made
        .iter()
        .any(|made| made.change.kind == ChangeKind::Created);
    live.finding.tell(db, &made);
    live.tell(&facts, made);
    Ok(Settled { grew })
}

fn answer(group: impl IntoIterator<Item = Work>, settled: &Result<Settled, Unsettled>) {
    for work in group {
        work.answer(settled.as_ref().map(|_| ()).map_err(Unsettled::error));
    }
}

/// Does the work of a group in one transaction: all of it, or nothing.
///
/// Not each in a savepoint of its own, for which `SQLite` would write each page that is changed once
/// more; and where the disk is full it takes back the whole transaction in any case.
fn commit(
    db: &Connection,
    group: &mut [Work],
) -> Result<(Metadata, Vec<AppliedChange>), Unsettled> {
    // IMMEDIATE: a transaction that reads first and then wants to write would be refused.
    db.execute_batch("BEGIN IMMEDIATE")
        .map_err(Unsettled::Else)?;
    let work = WriteTransaction::begin(db).and_then(|mut changing| {
        for work in group {
            work.run(&mut changing)?;
            // Each statement would now be committed by itself.
            if db.is_autocommit() {
                return Err(ended());
            }
        }
        changing.end()
    });
    let committed = work.map_err(Unsettled::InWork).and_then(|made| {
        let put = db.execute_batch("COMMIT");
        put.map(|()| made).map_err(|error| {
            if is_full(&error) {
                Unsettled::InWork(error)
            } else {
                Unsettled::Else(error)
            }
        })
    });
    committed.inspect_err(|_| {
        if !db.is_autocommit()
            && let Err(error) = db.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a failed commit could not be rolled back");
        }
    })
}

/// Whether there was room for what was written last; says so in the log when that changes.
#[derive(Debug, Default)]
struct Room {
    is_full: bool,
    /// When that was said.
    said: Option<Instant>,
}

impl Room {
    /// Where little is free what is short may find room and what is longer none, turn about.
    const SELDOM: Duration = Duration::from_mins(1);

    fn look(&mut self, settled: &Result<Settled, Unsettled>) {
        match settled {
            Err(unsettled) if is_full(unsettled.error()) => {
                let seldom = |said: Instant| said.elapsed() >= Self::SELDOM;
                if !self.is_full && self.said.is_none_or(seldom) {
                    self.said = Some(Instant::now());
                    let error = explain(unsettled.error());
                    tracing::error!(error, "changes are refused, reads go on");
                }
                self.is_full = true;
            }
            // What adds nobody may need no room.
            Ok(Settled { grew: true }) if self.is_full => {
                self.is_full = false;
                tracing::info!("there is room for changes again");
            }
            _ => {}
        }
    }
}

fn ended() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT),
        Some("the transaction had ended".to_owned()),
    )
}
