//! What a watch reports.

use frontdesk::user::{WatchUsersRequest, user_event::Kind};
use tonic::Code;
use tonic_types::StatusExt as _;

use super::{INITIAL, next_change, next_event, watch, watch_from};
use crate::helpers::{Server, create_user, delete_user, restore_user, update_name};

#[tokio::test]
async fn every_kind_of_change_is_reported_with_its_result() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let mut watch = watch(&mut users, watch_from(INITIAL)).await;
    assert_eq!(next_change(&mut watch).await, (INITIAL, Kind::Bookmark, 0));

    let created = create_user(&mut users, "Ada", "ada@example.org").await;
    let event = next_event(&mut watch).await.expect("event");
    assert_eq!((event.revision, event.kind()), (INITIAL + 1, Kind::Created));
    assert_eq!(event.change_time, created.update_time);
    assert_eq!(event.user, Some(created));

    let updated = update_name(&mut users, 1_001, "Ada Lovelace").await;
    let event = next_event(&mut watch).await.expect("event");
    assert_eq!((event.revision, event.kind()), (INITIAL + 2, Kind::Updated));
    assert_eq!(event.previous_name, "Ada");
    assert_eq!(event.previous_email, "ada@example.org");
    assert_eq!(event.user, Some(updated));

    let deleted = delete_user(&mut users, 1_001).await;
    assert!(deleted.purge_time.is_some());
    let event = next_event(&mut watch).await.expect("event");
    assert_eq!((event.revision, event.kind()), (INITIAL + 3, Kind::Deleted));
    assert_eq!(event.user, Some(deleted));

    let restored = restore_user(&mut users, 1_001).await;
    let event = next_event(&mut watch).await.expect("event");
    assert_eq!(
        (event.revision, event.kind()),
        (INITIAL + 4, Kind::Restored)
    );
    assert_eq!(event.user, Some(restored));
    assert_eq!(
        (event.previous_name, event.previous_email),
        Default::default()
    );
}

#[tokio::test]
async fn a_watch_without_a_revision_starts_at_the_current_one() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let mut watch = watch(&mut users, WatchUsersRequest::default()).await;
    assert_eq!(next_change(&mut watch).await, (INITIAL, Kind::Bookmark, 0));
    delete_user(&mut users, 7).await;
    assert_eq!(
        next_change(&mut watch).await,
        (INITIAL + 1, Kind::Deleted, 7)
    );
}

#[tokio::test]
async fn an_idle_watch_receives_bookmarks() {
    let server = Server::start_with(|settings| settings.bookmark_interval = 1).await;
    let mut users = server.users().await;
    let mut watch = watch(&mut users, WatchUsersRequest::default()).await;
    for _ in 0..3 {
        assert_eq!(next_change(&mut watch).await, (INITIAL, Kind::Bookmark, 0));
    }
    delete_user(&mut users, 7).await;
    assert_eq!(
        next_change(&mut watch).await,
        (INITIAL + 1, Kind::Deleted, 7)
    );
    assert_eq!(
        next_change(&mut watch).await,
        (INITIAL + 1, Kind::Bookmark, 0)
    );
}

#[tokio::test]
async fn a_shutdown_ends_watches_with_unavailable_and_a_retry_delay() {
    let mut server = Server::start().await;
    let mut users = server.users().await;
    let mut watch = watch(&mut users, watch_from(INITIAL)).await;
    assert_eq!(next_change(&mut watch).await, (INITIAL, Kind::Bookmark, 0));
    server.shut_down();
    let status = next_event(&mut watch).await.expect_err("error status");
    assert_eq!(status.code(), Code::Unavailable);
    assert!(status.get_details_retry_info().is_some());
    server.wait().await;
}
