//! Lists and watches that continue at a revision.

use std::collections::BTreeMap;

use frontdesk::user::{ListUsersRequest, user_event::Kind};
use futures_util::{StreamExt as _, stream};
use tonic::Code;

use super::{INITIAL, next_change, next_event, start_with_ten_changes, watch, watch_from};
use crate::helpers::{Server, create_user, delete_user, error_info, restore_user, update_name};

#[tokio::test]
async fn a_watch_from_the_revision_of_a_list_misses_nothing() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let list = users
        .list_users(ListUsersRequest::default())
        .await
        .expect("list");
    let revision = list.metadata().get("x-revision").expect("x-revision");
    let revision: i64 = revision.to_str().expect("UTF-8").parse().expect("number");
    // Changes during the list, before the watch starts.
    let mut list = list.into_inner();
    let mut replica = BTreeMap::new();
    for id in [3, 500, 998, 1_000] {
        let user = list.message().await.expect("message").expect("user");
        replica.insert(user.id, user);
        delete_user(&mut users, id).await;
        create_user(&mut users, "Ada", &format!("{id}@example.org")).await;
        update_name(&mut users, id - 1, "Grace").await;
    }
    restore_user(&mut users, 500).await;
    while let Some(user) = list.message().await.expect("message") {
        replica.insert(user.id, user);
    }
    let mut watch = watch(&mut users, watch_from(revision)).await;
    for expected in revision + 1.. {
        let event = next_event(&mut watch).await.expect("event");
        if event.kind() == Kind::Bookmark {
            assert_eq!(event.revision, revision + 13);
            break;
        }
        assert_eq!(event.revision, expected);
        let kind = event.kind();
        let user = event.user.expect("user");
        if kind == Kind::Deleted {
            replica.remove(&user.id);
        } else {
            replica.insert(user.id, user);
        }
    }
    let list = users.list_users(ListUsersRequest::default()).await;
    let list = list.expect("list").into_inner();
    let all: Vec<_> = list.map(|user| user.expect("user")).collect().await;
    assert!(replica.into_values().eq(all));
}

#[tokio::test]
async fn a_resumed_watch_receives_exactly_the_missed_changes() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let mut first = watch(&mut users, watch_from(INITIAL - 2)).await;
    assert_eq!(next_change(&mut first).await.0, INITIAL - 1);
    assert_eq!(next_change(&mut first).await.0, INITIAL);
    assert_eq!(next_change(&mut first).await, (INITIAL, Kind::Bookmark, 0));
    drop(first);
    create_user(&mut users, "Ada", "ada@example.org").await;
    delete_user(&mut users, 7).await;
    let mut second = watch(&mut users, watch_from(INITIAL)).await;
    assert_eq!(
        next_change(&mut second).await,
        (INITIAL + 1, Kind::Created, 1_001)
    );
    assert_eq!(
        next_change(&mut second).await,
        (INITIAL + 2, Kind::Deleted, 7)
    );
    assert_eq!(
        next_change(&mut second).await,
        (INITIAL + 2, Kind::Bookmark, 0)
    );
}

#[tokio::test]
async fn a_watcher_that_stops_reading_catches_up_from_the_change_log() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let mut stalled = watch(&mut users, watch_from(INITIAL)).await;
    assert_eq!(
        next_change(&mut stalled).await,
        (INITIAL, Kind::Bookmark, 0)
    );
    // More than the connection buffers and the recent changes in memory hold.
    let many = 2_500;
    let name = "👩".repeat(200);
    let changes = stream::iter(0..many).map(|number| {
        let (mut users, name) = (users.clone(), &name);
        async move {
            create_user(&mut users, name, &format!("{number}@example.org")).await;
        }
    });
    changes.buffer_unordered(64).collect::<Vec<()>>().await;
    for revision in INITIAL + 1..=INITIAL + many {
        let (seen, kind, _) = next_change(&mut stalled).await;
        assert_eq!((seen, kind), (revision, Kind::Created));
    }
    delete_user(&mut users, 7).await;
    assert_eq!(
        next_change(&mut stalled).await,
        (INITIAL + many + 1, Kind::Deleted, 7)
    );
}

#[tokio::test]
async fn a_revision_outside_of_the_change_log_is_rejected_with_the_oldest_one() {
    let server = start_with_ten_changes().await;
    let mut users = server.users().await;
    for outside in [0, INITIAL - 11, INITIAL + 1, i64::MAX] {
        let rejected = users
            .watch_users(watch_from(outside))
            .await
            .expect_err("invalid request");
        assert_eq!(rejected.code(), Code::OutOfRange, "{outside}");
        let info = error_info(&rejected);
        let reason = if outside > INITIAL {
            "REVISION_TOO_NEW"
        } else {
            "REVISION_TOO_OLD"
        };
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            (reason, "frontdesk")
        );
        assert_eq!(info.metadata["oldest_revision"], (INITIAL - 9).to_string());
    }
    let mut watch = watch(&mut users, watch_from(INITIAL - 10)).await;
    assert_eq!(next_change(&mut watch).await.0, INITIAL - 9);
}
