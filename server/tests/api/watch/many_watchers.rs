//! Many watchers during large imports.

use frontdesk::user::{UserEvent, user_event::Kind};
use tokio::task::JoinSet;
use tonic::Streaming;

use super::{INITIAL, watch_from};
use crate::{
    durability::importer::{Importer, ROWS},
    helpers::{Server, Users},
};

const IMPORTERS: i64 = 20;
const BATCHES: i64 = 10;
const WATCHERS: i64 = 100;

/// Without a timeout: with a hundred connections, a call may take long on a busy machine.
async fn watch(users: &mut Users, revision: i64) -> Streaming<UserEvent> {
    let watch = users.watch_users(watch_from(revision)).await;
    watch.expect("watch").into_inner()
}

/// Receives every change up to `last`, once and in order; reconnects after every `changes_per_call`.
async fn receive_all(mut users: Users, last: i64, changes_per_call: i64) {
    let mut seen = INITIAL;
    while seen < last {
        let mut events = watch(&mut users, seen).await;
        let until = seen + changes_per_call;
        while seen < last.min(until) {
            let event = events.message().await.expect("event");
            let event = event.expect("open watch");
            if event.kind() == Kind::Bookmark {
                assert_eq!(event.revision, seen, "no change was skipped");
                continue;
            }
            assert_eq!(event.revision, seen + 1, "each once, in order");
            seen = event.revision;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_watchers_see_every_change_of_twenty_imports() {
    let server = Server::start().await;
    let last = INITIAL + IMPORTERS * BATCHES * ROWS;
    let mut tasks = JoinSet::new();
    for watcher in 0..WATCHERS {
        tasks.spawn(receive_all(server.users().await, last, 37 + watcher * 101));
    }
    for importer in 0..IMPORTERS {
        let mut users = server.users().await;
        tasks.spawn(async move {
            let mut importer = Importer::new(&format!("import{importer}"));
            importer.import(&mut users, Some(BATCHES)).await;
            assert_eq!(
                importer.acknowledged, BATCHES,
                "every batch is acknowledged"
            );
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("task completed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watcher_that_pauses_for_a_hundred_thousand_changes_receives_all_of_them() {
    const CHANGES: i64 = 100_000;
    let server = Server::start().await;
    let mut users = server.users().await;
    let mut events = watch(&mut server.users().await, INITIAL).await;
    let first = events.message().await.expect("event").expect("open stream");
    assert_eq!((first.kind(), first.revision), (Kind::Bookmark, INITIAL));

    let mut importer = Importer::new("large");
    importer.import(&mut users, Some(CHANGES / ROWS)).await;
    let last = INITIAL + CHANGES;
    let mut seen = INITIAL;
    while seen < last {
        let event = events.message().await.expect("event").expect("open stream");
        if event.kind() != Kind::Bookmark {
            assert_eq!(event.revision, seen + 1, "each once, in order");
            seen = event.revision;
        }
    }
}
