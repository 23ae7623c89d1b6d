//! `WatchUsers`: every change once, in order, across interruptions.

mod crash;
mod events;
mod filters;
mod invalid;
mod many_watchers;
mod overtaken;
mod resume;
mod transports;

use std::time::Duration;

use frontdesk::user::{UserEvent, WatchUsersRequest, user_event::Kind};
use frontdesk_store::RetentionPolicy;
use tokio::time::timeout;
use tonic::{Status, Streaming};

use crate::helpers::{INITIAL_USERS, Server, TIMEOUT, Users};

/// The revision of a new directory.
const INITIAL: i64 = INITIAL_USERS as i64;

fn watch_from(revision: i64) -> WatchUsersRequest {
    WatchUsersRequest {
        from_revision: Some(revision),
        ..WatchUsersRequest::default()
    }
}

async fn watch(users: &mut Users, request: WatchUsersRequest) -> Streaming<UserEvent> {
    let watch = timeout(TIMEOUT, users.watch_users(request)).await;
    watch.expect("headers in time").expect("watch").into_inner()
}

async fn next_event(watch: &mut Streaming<UserEvent>) -> Result<UserEvent, Status> {
    let event = timeout(TIMEOUT, watch.message()).await;
    event
        .expect("event in time")
        .map(|event| event.expect("open stream"))
}

/// The revision, kind and user id of the next event.
async fn next_change(watch: &mut Streaming<UserEvent>) -> (i64, Kind, i32) {
    let event = next_event(watch).await.expect("event");
    let user = event.user.as_ref().map_or(0, |user| user.id);
    (event.revision, event.kind(), user)
}

/// Waits until the changes after this revision are removed.
async fn wait_until_removed(users: &mut Users, revision: i64) {
    let removed = async { while users.watch_users(watch_from(revision)).await.is_ok() {} };
    timeout(TIMEOUT, removed)
        .await
        .expect("changes removed in time");
}

/// A server that retains only the last ten changes.
async fn start_with_ten_changes() -> Server {
    let retention = RetentionPolicy {
        max_changes: 10,
        sweep_interval: Some(Duration::from_hours(1)),
        ..RetentionPolicy::default()
    };
    let server = Server::start_with_retention(retention, |_| {}).await;
    let mut users = server.users().await;
    // The first retention sweep runs in the background.
    wait_until_removed(&mut users, INITIAL - 11).await;
    server
}
