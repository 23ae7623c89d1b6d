//! The finders: threads that search and sort, each over a connection of its own. Of their own, so
//! that a scan never stands in front of who looks one user up.

mod among;
mod begin;
mod best;
mod bin;
mod course;
mod rows;
mod sorted;
mod typed;

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use self::course::Course;
pub use self::rows::FoundRows;
pub(super) use self::rows::rows;
use super::{error::internal, live::Live, reader::Reply, threads::spawn};
use crate::directory::{Error, PageToken, Revision, Selection, User};

/// How many questions wait for the finders at most.
const QUEUE: usize = 256;
/// How many rows the first batch of a list has that goes on: they are there soon.
const FIRST: usize = 100;
/// How many rows a batch of a list has at most.
const BATCH: usize = 1_000;

/// What a finder is asked.
pub(super) enum Ask {
    /// A list from its beginning, or where a token says.
    Begin(Selection, Reply<Begun>),
    /// How a list goes on.
    Next(Box<Course>, Reply<Batch>),
}

/// How a list begins.
pub(super) struct Begun {
    pub(super) total: u64,
    pub(super) revision: Revision,
    pub(super) batch: Batch,
    pub(super) next: Option<PageToken>,
}

/// Users, and what is left of the list behind them. There may be more where there are none here: a
/// step is bounded, found or not.
#[derive(Default)]
pub(super) struct Batch {
    users: Vec<User>,
    rest: Option<Box<Course>>,
}

/// What finders work with.
struct Desk<'a> {
    db: &'a Connection,
    live: &'a Live,
    /// How long somebody is in the bin.
    keep: Duration,
}

/// Starts the finders, which share a queue: who searches long holds up nobody else's. They end when
/// the last sender is gone.
pub(super) fn start(
    dbs: Vec<Connection>,
    live: &Arc<Live>,
    keep: Duration,
) -> io::Result<(mpsc::Sender<Ask>, Vec<thread::JoinHandle<()>>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let queue = Arc::new(Mutex::new(receiver));
    let start = |(number, db): (usize, Connection)| {
        let (queue, live) = (Arc::clone(&queue), Arc::clone(live));
        spawn(format!("store-finder-{number}"), move || {
            let (db, live) = (&db, &*live);
            let desk = Desk { db, live, keep };
            // The lock goes before the work begins: the next one waits in its place.
            while let Some(ask) = next(&queue) {
                answer(&desk, ask);
            }
        })
    };
    let threads = dbs.into_iter().enumerate().map(start);
    Ok((sender, threads.collect::<io::Result<_>>()?))
}

fn next(queue: &Mutex<mpsc::Receiver<Ask>>) -> Option<Ask> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    queue.blocking_recv()
}

fn answer(desk: &Desk<'_>, ask: Ask) {
    match ask {
        Ask::Begin(selection, reply) => {
            let begun = begin::begin(desk, &selection, &|| reply.is_closed());
            send(reply, begun);
        }
        Ask::Next(mut course, reply) if !reply.is_closed() => {
            let step = course.step(desk, BATCH).map_err(|error| internal(&error));
            let batch = step.map(|step| Batch {
                rest: (!step.ended).then_some(course),
                users: step.users(),
            });
            send(reply, batch);
        }
        Ask::Next(..) => {}
    }
}

/// Who asked may have stopped waiting.
fn send<T>(reply: oneshot::Sender<Result<T, Error>>, answer: Result<T, Error>) {
    reply.send(answer).ok();
}
