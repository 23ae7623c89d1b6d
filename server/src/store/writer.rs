//! The one writer: a thread that commits what has queued up together.

use std::{io, thread};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::error::internal;
use crate::directory::Error;

/// How many pieces of work wait at most.
const QUEUE: usize = 256;
/// How many pieces of work one commit takes at most.
const GROUP: usize = 64;

/// Work to be done in a transaction; then, once it is known whether that was committed, an answer.
pub(super) type Work = Box<dyn FnOnce(&Connection) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), &rusqlite::Error>)>;

/// Makes work for the writer, and what its answer comes through. The answer comes after the
/// commit: what it says is on disk.
pub(super) fn work<T: Send + 'static>(
    work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
) -> (Work, oneshot::Receiver<Result<T, Error>>) {
    let (reply, answer) = oneshot::channel();
    let work = move |db: &Connection| -> Answer {
        let done = in_savepoint(db, work);
        Box::new(move |committed: Result<(), &rusqlite::Error>| {
            let result = match (done, committed) {
                (Ok(done), Ok(())) => Ok(done),
                // A transaction that failed is the reason for all that failed in it.
                (_, Err(error)) => Err(internal(error)),
                (Err(error), Ok(())) => Err(internal(&error)),
            };
            // Who asked may have stopped waiting; the work is done all the same.
            reply.send(result).ok();
        })
    };
    (Box::new(work), answer)
}

/// Starts the writer. It ends when the last sender is gone and all work is done.
pub(super) fn start(db: Connection) -> io::Result<(mpsc::Sender<Work>, thread::JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let thread = thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || run(&db, receiver))?;
    Ok((sender, thread))
}

fn run(db: &Connection, mut queue: mpsc::Receiver<Work>) {
    let mut group = Vec::with_capacity(GROUP);
    let mut answers = Vec::with_capacity(GROUP);
    while queue.blocking_recv_many(&mut group, GROUP) > 0 {
        let committed = commit(db, group.drain(..), &mut answers);
        for answer in answers.drain(..) {
            answer(committed.as_ref().copied());
        }
    }
}

/// Does the work of a group in one transaction: each in a savepoint, so that one that fails takes
/// none with it.
fn commit(
    db: &Connection,
    group: impl Iterator<Item = Work>,
    answers: &mut Vec<Answer>,
) -> rusqlite::Result<()> {
    // IMMEDIATE: a transaction that reads first and then wants to write would be refused.
    let begun = db.execute_batch("BEGIN IMMEDIATE");
    answers.extend(group.map(|work| work(db)));
    begun?;
    db.execute_batch("COMMIT").inspect_err(|_| {
        if !db.is_autocommit()
            && let Err(error) = db.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a failed commit could not be rolled back");
        }
    })
}

fn in_savepoint<T>(
    db: &Connection,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    // Outside a transaction each statement would be committed by itself: no BEGIN, or SQLite has
    // rolled all back since (a full disk).
    if db.is_autocommit() {
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT),
            Some("the transaction had ended".to_owned()),
        ));
    }
    db.execute_batch("SAVEPOINT work")?;
    let done = work(db);
    let end = if done.is_ok() {
        "RELEASE work"
    } else {
        "ROLLBACK TO work; RELEASE work"
    };
    if !db.is_autocommit() {
        db.execute_batch(end)?;
    }
    done
}
