//! The threads of the searchers, and their queue.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};

use frontdesk_directory::ListQuery;
use rusqlite::Connection;
use tokio::sync::mpsc;

use super::{context::SearchContext, list_scan::Rest, list_start::start_list};
use crate::{
    reply::Reply,
    sqlite::{
        error::read_error,
        list::{ListBatch, ListStart},
        search_index::SearchIndex,
        thread::spawn,
    },
};

/// The maximum number of queued requests.
const QUEUE: usize = 256;
/// The maximum number of users in a batch of a list.
const BATCH: usize = 1_000;

pub(in crate::sqlite) enum ReadRequest {
    /// A list, from its start or from a cursor.
    List(ListQuery, Reply<ListStart<Rest>>),
    /// The next batch of a list.
    Next(Rest, Reply<ListBatch<Rest>>),
}

/// Starts the searchers. They share a queue: a long search delays no other one. They end when the
/// last sender is dropped.
pub(in crate::sqlite) fn start(
    connections: Vec<Connection>,
    index: &Arc<SearchIndex>,
    trash_retention: Duration,
) -> io::Result<(mpsc::Sender<ReadRequest>, Vec<JoinHandle<()>>)> {
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
            // The queue is unlocked before a request is handled.
            while let Some(request) = next(&queue) {
                handle(&context, request);
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

fn handle(context: &SearchContext<'_>, request: ReadRequest) {
    match request {
        ReadRequest::List(query, reply) => {
            let start = start_list(context, &query, &|| reply.is_closed());
            reply.send(start);
        }
        ReadRequest::Next(mut list, reply) if !reply.is_closed() => {
            let step = list
                .step(context, BATCH)
                .map_err(|error| read_error(&error));
            reply.send(step.map(|step| ListBatch {
                rest: (!step.ended).then_some(list),
                users: step.into_users(),
            }));
        }
        ReadRequest::Next(..) => {}
    }
}
