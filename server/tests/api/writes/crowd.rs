//! Many who write and many who watch, at a time.

use frontdesk::user::{
    UserEvent, WatchUsersRequest, user_event::Kind, user_service_client::UserServiceClient,
};
use tokio::task::JoinSet;
use tonic::{Streaming, transport::Channel};

use super::importer::{Importer, ROWS};
use crate::helpers::Server;

const IMPORTERS: i64 = 20;
const BATCHES: i64 = 10;
const WATCHERS: i64 = 100;
/// John Doe and the samples.
const BEGINNING: i64 = 1_000;

async fn watch(users: &mut UserServiceClient<Channel>, from: i64) -> Streaming<UserEvent> {
    let request = WatchUsersRequest {
        from_revision: Some(from),
        ..WatchUsersRequest::default()
    };
    let watch = users.watch_users(request).await;
    watch.expect("a watch").into_inner()
}

/// Sees every change up to `last`, each once and in order; leaves and comes back after so many.
async fn sees_all(mut users: UserServiceClient<Channel>, last: i64, stays: i64) {
    let mut seen = BEGINNING;
    while seen < last {
        let mut events = watch(&mut users, seen).await;
        let until = seen + stays;
        while seen < last.min(until) {
            let event = events.message().await.expect("an event");
            let event = event.expect("a watch has no end");
            if event.kind() == Kind::Bookmark {
                assert_eq!(event.revision, seen, "nothing was left out");
                continue;
            }
            assert_eq!(event.revision, seen + 1, "each once, in order");
            seen = event.revision;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_import_while_a_hundred_watch_and_everybody_sees_all_of_it() {
    let desk = Server::open().await;
    let last = BEGINNING + IMPORTERS * BATCHES * ROWS;
    let mut all = JoinSet::new();
    for watcher in 0..WATCHERS {
        all.spawn(sees_all(desk.users().await, last, 37 + watcher * 101));
    }
    for importer in 0..IMPORTERS {
        let mut users = desk.users().await;
        all.spawn(async move {
            let mut importer = Importer::new(&format!("crowd{importer}"));
            importer.import(&mut users, Some(BATCHES)).await;
            assert_eq!(importer.answered, BATCHES, "all of it is taken");
        });
    }
    while let Some(done) = all.join_next().await {
        done.expect("no surprise");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_while_a_hundred_thousand_changes_come_is_told_all_of_them_later() {
    const CHANGES: i64 = 100_000;
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let mut events = watch(&mut desk.users().await, BEGINNING).await;
    let first = events.message().await.expect("an event").expect("no end");
    assert_eq!((first.kind(), first.revision), (Kind::Bookmark, BEGINNING));

    let mut importer = Importer::new("flood");
    importer.import(&mut users, Some(CHANGES / ROWS)).await;
    let last = BEGINNING + CHANGES;
    let mut seen = BEGINNING;
    while seen < last {
        let event = events.message().await.expect("an event").expect("no end");
        if event.kind() != Kind::Bookmark {
            assert_eq!(event.revision, seen + 1, "each once, in order");
            seen = event.revision;
        }
    }
}
