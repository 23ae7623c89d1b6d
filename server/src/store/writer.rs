//! The one writer: a thread that commits what has queued up together.

use std::{io, sync::Arc, thread};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{
    error::failed,
    facts::{Changing, Facts, Made},
    live::Live,
};
use crate::directory::Error;

/// How many pieces of work wait at most.
const QUEUE: usize = 256;
/// How many pieces of work one commit takes at most.
const GROUP: usize = 64;

/// Work to be done in a transaction; then, once it is known whether that was committed, an answer.
pub(super) type Work = Box<dyn FnOnce(&mut Changing<'_>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), &rusqlite::Error>)>;

/// Makes work for the writer, and what its answer comes through. The answer comes after the
/// commit: what it says is on disk.
pub(super) fn work<T: Send + 'static>(
    work: impl FnOnce(&mut Changing<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> (Work, oneshot::Receiver<Result<T, Error>>) {
    let (reply, answer) = oneshot::channel();
    let work = move |changing: &mut Changing<'_>| -> Answer {
        let done = in_savepoint(changing, work);
        Box::new(move |committed: Result<(), &rusqlite::Error>| {
            let result = match (done, committed) {
                (Ok(done), Ok(())) => Ok(done),
                // A transaction that failed is the reason for all that failed in it.
                (_, Err(error)) => Err(failed(error)),
                (Err(error), Ok(())) => Err(failed(&error)),
            };
            // Who asked may have stopped waiting; the work is done all the same.
            reply.send(result).ok();
        })
    };
    (Box::new(work), answer)
}

/// The same for work that writes much, and fails only where the disk does. It has no savepoint of its
/// own, for which each page that it changes would be written once more: where it fails, all fails
/// that would have been committed with it.
pub(super) fn large<T: Send + 'static>(
    work: impl FnOnce(&mut Changing<'_>) -> rusqlite::Result<T> + Send + 'static,
) -> (Work, oneshot::Receiver<Result<T, Error>>) {
    let (reply, answer) = oneshot::channel();
    let work = move |changing: &mut Changing<'_>| -> Answer {
        let done = if changing.db.is_autocommit() {
            Err(ended())
        } else {
            work(changing)
        };
        let done = done.map_err(|error| changing.breaks(error)).ok();
        Box::new(move |committed: Result<(), &rusqlite::Error>| {
            let result = match (done, committed) {
                (Some(done), Ok(())) => Ok(done),
                (_, Err(error)) => Err(failed(error)),
                // What breaks a transaction keeps it from being committed.
                (None, Ok(())) => Err(failed(&ended())),
            };
            reply.send(result).ok();
        })
    };
    (Box::new(work), answer)
}

/// Starts the writer. It ends when the last sender is gone and all work is done.
pub(super) fn start(
    db: Connection,
    live: Arc<Live>,
) -> io::Result<(mpsc::Sender<Work>, thread::JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let thread = thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || run(&db, receiver, &live))?;
    Ok((sender, thread))
}

fn run(db: &Connection, mut queue: mpsc::Receiver<Work>, live: &Live) {
    let mut group = Vec::with_capacity(GROUP);
    let mut answers = Vec::with_capacity(GROUP);
    live.finding.make(db);
    while queue.blocking_recv_many(&mut group, GROUP) > 0 {
        let committed = commit(db, group.drain(..), &mut answers);
        // Before who asked is answered: they find what they wrote.
        let committed = committed.map(|(facts, made)| {
            live.finding.tell(db, &made);
            live.tell(&facts, made);
        });
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
) -> rusqlite::Result<(Facts, Vec<Made>)> {
    // IMMEDIATE: a transaction that reads first and then wants to write would be refused.
    let begun = db
        .execute_batch("BEGIN IMMEDIATE")
        .and_then(|()| Changing::begin(db));
    let committed = begun.and_then(|mut changing| {
        answers.extend(group.map(|work| work(&mut changing)));
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

fn in_savepoint<T>(
    changing: &mut Changing<'_>,
    work: impl FnOnce(&mut Changing<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let db = changing.db;
    // Outside a transaction each statement would be committed by itself: SQLite has rolled all
    // back since it began (a full disk).
    if db.is_autocommit() {
        return Err(ended());
    }
    let mark = changing.mark();
    db.prepare_cached("SAVEPOINT work")?.execute([])?;
    let done = work(changing);
    if db.is_autocommit() {
        // The error is why it ended; what was made before is not there either, and the commit will
        // say so.
        return done.and_then(|_| Err(ended()));
    }
    if done.is_err() {
        db.prepare_cached("ROLLBACK TO work")?.execute([])?;
        changing.back_to(mark);
    }
    db.prepare_cached("RELEASE work")?.execute([])?;
    done
}

fn ended() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_ABORT),
        Some("the transaction had ended".to_owned()),
    )
}
