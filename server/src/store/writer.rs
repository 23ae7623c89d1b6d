//! The one writer: a thread that commits what has queued up together.

use std::{io, sync::Arc, thread};

use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

use super::{
    checkpointer::Checkpointer,
    error::{explain, failed},
    facts::{Changing, Facts, Made},
    live::Live,
};
use crate::directory::Error;

/// How many pieces of work wait at most.
const QUEUE: usize = 256;
/// How many pieces of work one commit takes at most.
const GROUP: usize = 64;

/// Work to be done in a transaction; then, once it is known whether that was committed, an answer.
pub(super) type Work = Box<dyn Job>;

/// Makes work for the writer, and what its answer comes through. The answer comes after the
/// commit: what it says is on disk. The work may be done more than once, each time in a transaction
/// that knows nothing of the times before.
pub(super) fn work<T: Send + 'static>(
    work: impl FnMut(&mut Changing<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> (Work, oneshot::Receiver<Result<T, Error>>) {
    let (reply, answer) = oneshot::channel();
    let done = None;
    (Box::new(Piece { work, done, reply }), answer)
}

pub(super) trait Job: Send {
    fn run(&mut self, changing: &mut Changing<'_>) -> rusqlite::Result<()>;

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
    F: FnMut(&mut Changing<'_>) -> rusqlite::Result<T> + Send,
{
    fn run(&mut self, changing: &mut Changing<'_>) -> rusqlite::Result<()> {
        self.done = Some((self.work)(changing)?);
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), &rusqlite::Error>) {
        let result = match (self.done, committed) {
            (Some(done), Ok(())) => Ok(done),
            (_, Err(error)) => Err(failed(error)),
            // All that is committed has been run.
            (None, Ok(())) => Err(failed(&ended())),
        };
        // Who asked may have stopped waiting; the work is done all the same.
        self.reply.send(result).ok();
    }
}

/// Starts the writer. It ends when the last sender is gone and all work is done.
pub(super) fn start(
    db: Connection,
    live: Arc<Live>,
    checkpointer: Checkpointer,
) -> io::Result<(mpsc::Sender<Work>, thread::JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let thread = thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || run(&db, receiver, &live, &checkpointer))?;
    Ok((sender, thread))
}

fn run(db: &Connection, mut queue: mpsc::Receiver<Work>, live: &Live, checkpointer: &Checkpointer) {
    let mut group = Vec::with_capacity(GROUP);
    let mut room = Room::default();
    live.finding.make(db);
    while queue.blocking_recv_many(&mut group, GROUP) > 0 {
        match settle(db, &mut group, live) {
            // One of them is why: alone, that one fails and the others do not.
            Err(_) if group.len() > 1 => {
                for work in group.drain(..) {
                    let mut alone = [work];
                    let settled = settle(db, &mut alone, live);
                    room.look(&settled);
                    answer(alone, settled);
                }
            }
            settled => {
                room.look(&settled);
                answer(group.drain(..), settled);
            }
        }
        checkpointer.look(db);
    }
}

/// Whether there was room for what was written last; says so in the log when that changes.
#[derive(Debug, Default)]
struct Room {
    is_full: bool,
}

impl Room {
    fn look(&mut self, settled: &rusqlite::Result<()>) {
        let full = match settled {
            Ok(()) => None,
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => Some(error),
            Err(_) => return,
        };
        match full {
            Some(error) if !self.is_full => {
                tracing::error!(error = explain(error), "changes are refused, reads go on");
            }
            None if self.is_full => tracing::info!("there is room for changes again"),
            _ => {}
        }
        self.is_full = full.is_some();
    }
}

/// Does the work of a group and tells of it, before who asked is answered: they find what they wrote.
fn settle(db: &Connection, group: &mut [Work], live: &Live) -> rusqlite::Result<()> {
    let (facts, made) = commit(db, group)?;
    live.finding.tell(db, &made);
    live.tell(&facts, made);
    Ok(())
}

fn answer(group: impl IntoIterator<Item = Work>, settled: rusqlite::Result<()>) {
    let settled = settled.as_ref().copied();
    for work in group {
        work.answer(settled);
    }
}

/// Does the work of a group in one transaction: all of it, or nothing.
///
/// Not each in a savepoint of its own, for which `SQLite` would write each page that is changed once
/// more; and where the disk is full it takes back the whole transaction in any case.
fn commit(db: &Connection, group: &mut [Work]) -> rusqlite::Result<(Facts, Vec<Made>)> {
    // IMMEDIATE: a transaction that reads first and then wants to write would be refused.
    db.execute_batch("BEGIN IMMEDIATE")?;
    let committed = Changing::begin(db).and_then(|mut changing| {
        for work in group {
            work.run(&mut changing)?;
            // Each statement would now be committed by itself.
            if db.is_autocommit() {
                return Err(ended());
            }
        }
        let made = changing.end()?;
        db.execute_batch("COMMIT")?;
        Ok(made)
    });
    committed.inspect_err(|_| {
        if !db.is_autocommit()
            && let Err(error) = db.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a failed commit could not be rolled back");
        }
    })
}

fn ended() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT),
        Some("the transaction had ended".to_owned()),
    )
}
