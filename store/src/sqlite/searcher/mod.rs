//! The finders: threads that search and sort, each over a connection of its own. Of their own, so
//! that a scan never stands in front of who looks one user up.

mod begin;
mod best;
mod criteria;
mod id_filter;
mod list_plan;
mod rows;
mod sorted;
mod trash;

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use self::list_plan::ListPlan;
pub use self::rows::FoundRows;
pub(super) use self::rows::rows;
use super::{error::internal, reader::Reply, recent_changes::RecentChanges, threads::spawn};
use frontdesk_directory::{Cursor, Error, ListQuery, Revision, User};

/// How many questions wait for the finders at most.
const QUEUE: usize = 256;
/// How many rows the first batch of a list has that goes on: they are there soon.
const FIRST: usize = 100;
/// How many rows a batch of a list has at most.
const BATCH: usize = 1_000;

/// What a finder is asked.
pub(super) enum ReadRequest {
    /// A list from its beginning, or where a token says.
    Begin(ListQuery, Reply<Begun>),
    /// How a list goes on.
    Next(Box<ListPlan>, Reply<Batch>),
}

/// How a list begins.
pub(super) struct Begun {
    pub(super) total: u64,
    pub(super) revision: Revision,
    pub(super) batch: Batch,
    pub(super) next: Option<Cursor>,
}

/// Users, and what is left of the list behind them. There may be more where there are none here: a
/// step is bounded, found or not.
#[derive(Default)]
pub(super) struct Batch {
    users: Vec<User>,
    rest: Option<Box<ListPlan>>,
}

/// What finders work with.
struct SearchContext<'a> {
    db: &'a Connection,
    live: &'a RecentChanges,
    /// How long somebody is in the bin.
    keep: Duration,
}

/// Starts the finders, which share a queue: who searches long holds up nobody else's. They end when
/// the last sender is gone.
pub(super) fn start(
    dbs: Vec<Connection>,
    live: &Arc<RecentChanges>,
    keep: Duration,
) -> io::Result<(mpsc::Sender<ReadRequest>, Vec<thread::JoinHandle<()>>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let queue = Arc::new(Mutex::new(receiver));
    let start = |(number, db): (usize, Connection)| {
        let (queue, live) = (Arc::clone(&queue), Arc::clone(live));
        spawn(format!("store-finder-{number}"), move || {
            let (db, live) = (&db, &*live);
            let desk = SearchContext { db, live, keep };
            // The lock goes before the work begins: the next one waits in its place.
            while let Some(ask) = next(&queue) {
                answer(&desk, ask);
            }
        })
    };
    let threads = dbs.into_iter().enumerate().map(start);
    Ok((sender, threads.collect::<io::Result<_>>()?))
}

fn next(queue: &Mutex<mpsc::Receiver<ReadRequest>>) -> Option<ReadRequest> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    queue.blocking_recv()
}

fn answer(desk: &SearchContext<'_>, ask: ReadRequest) {
    match ask {
        ReadRequest::Begin(selection, reply) => {
            let begun = begin::begin(desk, &selection, &|| reply.is_closed());
            send(reply, begun);
        }
        ReadRequest::Next(mut course, reply) if !reply.is_closed() => {
            let step = course.step(desk, BATCH).map_err(|error| internal(&error));
            let batch = step.map(|step| Batch {
                rest: (!step.ended).then_some(course),
                users: step.users(),
            });
            send(reply, batch);
        }
        ReadRequest::Next(..) => {}
    }
}

/// Who asked may have stopped waiting.
fn send<T>(reply: oneshot::Sender<Result<T, Error>>, answer: Result<T, Error>) {
    reply.send(answer).ok();
}
