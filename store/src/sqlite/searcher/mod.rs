//! The finders: threads that search and sort, each over a connection of its own. Of their own, so
//! that a scan never stands in front of who looks one user up.

mod begin;
mod best;
mod criteria;
mod id_filter;
mod list_plan;
mod sorted;
mod trash;

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rusqlite::Connection;
use tokio::sync::mpsc;

use self::list_plan::ListPlan;
use super::{
    error::internal,
    list::{ListBatch, ListStart},
    search_index::SearchIndex,
    thread::spawn,
};
use crate::reply::Reply;
use frontdesk_directory::ListQuery;

/// How many questions wait for the finders at most.
const QUEUE: usize = 256;
/// How many rows the first batch of a list has that goes on: they are there soon.
const FIRST: usize = 100;
/// How many rows a batch of a list has at most.
const BATCH: usize = 1_000;

pub(super) enum ReadRequest {
    /// A list, from its start or from a cursor.
    Begin(ListQuery, Reply<ListStart<Rest>>),
    /// The next batch of a list.
    Next(Rest, Reply<ListBatch<Rest>>),
}

/// What is left of a list.
pub(super) type Rest = Box<ListPlan>;

struct SearchContext<'a> {
    db: &'a Connection,
    index: &'a SearchIndex,
    trash_retention: Duration,
}

/// Starts the searchers. They share a queue: a long search delays no other one. They end when the
/// last sender is dropped.
pub(super) fn start(
    connections: Vec<Connection>,
    index: &Arc<SearchIndex>,
    trash_retention: Duration,
) -> io::Result<(mpsc::Sender<ReadRequest>, Vec<thread::JoinHandle<()>>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let queue = Arc::new(Mutex::new(receiver));
    let start = |(number, db): (usize, Connection)| {
        let (queue, index) = (Arc::clone(&queue), Arc::clone(index));
        spawn(format!("store-searcher-{number}"), move || {
            let context = SearchContext {
                db: &db,
                index: &index,
                trash_retention,
            };
            // The queue is unlocked before a request is answered.
            while let Some(request) = next(&queue) {
                answer(&context, request);
            }
        })
    };
    let threads = connections.into_iter().enumerate().map(start);
    Ok((sender, threads.collect::<io::Result<_>>()?))
}

fn next(queue: &Mutex<mpsc::Receiver<ReadRequest>>) -> Option<ReadRequest> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    queue.blocking_recv()
}

fn answer(context: &SearchContext<'_>, request: ReadRequest) {
    match request {
        ReadRequest::Begin(query, reply) => {
            let start = begin::begin(context, &query, &|| reply.is_closed());
            reply.send(start);
        }
        ReadRequest::Next(mut plan, reply) if !reply.is_closed() => {
            let step = plan.step(context, BATCH).map_err(|error| internal(&error));
            reply.send(step.map(|step| ListBatch {
                rest: (!step.ended).then_some(plan),
                users: step.users(),
            }));
        }
        ReadRequest::Next(..) => {}
    }
}
