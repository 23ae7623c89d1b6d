//! `WatchUsers` and `ListChanges`: what changed, in order and each once, whatever breaks in between.

mod behind;
mod dialects;
mod history;
mod kills;

use std::{collections::BTreeMap, time::Duration};

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, ListUsersRequest, RestoreUserRequest, UpdateUserRequest,
    UserEvent, UserResponse, WatchUsersRequest, user_event::Kind,
    user_service_client::UserServiceClient,
};
use frontdesk_store::RetentionPolicy;
use futures_util::{StreamExt as _, stream};
use tokio::time::timeout;
use tonic::{Code, Status, Streaming, transport::Channel};
use tonic_types::StatusExt as _;

use crate::helpers::{IN_TIME, Server};

type Users = UserServiceClient<Channel>;

/// The revision of a new directory.
const FIRST: i64 = 1_000;

fn from(revision: i64) -> WatchUsersRequest {
    WatchUsersRequest {
        from_revision: Some(revision),
        ..WatchUsersRequest::default()
    }
}

async fn watch(users: &mut Users, request: WatchUsersRequest) -> Streaming<UserEvent> {
    let watch = timeout(IN_TIME, users.watch_users(request)).await;
    watch
        .expect("headers in time")
        .expect("a watch")
        .into_inner()
}

async fn next(watch: &mut Streaming<UserEvent>) -> Result<UserEvent, Status> {
    let event = timeout(IN_TIME, watch.message()).await;
    event
        .expect("an event in time")
        .map(|event| event.expect("no end"))
}

/// The next event: its revision, its kind and whom it is of.
async fn told(watch: &mut Streaming<UserEvent>) -> (i64, Kind, i32) {
    let event = next(watch).await.expect("an event");
    let user = event.user.as_ref().map_or(0, |user| user.id);
    (event.revision, event.kind(), user)
}

async fn create(users: &mut Users, name: &str, email: &str) -> UserResponse {
    let request = CreateUserRequest {
        name: name.into(),
        email: email.into(),
        ..CreateUserRequest::default()
    };
    users
        .create_user(request)
        .await
        .expect("created")
        .into_inner()
}

async fn rename(users: &mut Users, id: i32, name: &str) -> UserResponse {
    let request = UpdateUserRequest {
        id,
        name: name.into(),
        ..UpdateUserRequest::default()
    };
    users
        .update_user(request)
        .await
        .expect("updated")
        .into_inner()
}

async fn delete(users: &mut Users, id: i32) -> UserResponse {
    let request = DeleteUserRequest {
        id,
        ..DeleteUserRequest::default()
    };
    users
        .delete_user(request)
        .await
        .expect("deleted")
        .into_inner()
}

async fn restore(users: &mut Users, id: i32) -> UserResponse {
    let request = RestoreUserRequest {
        id,
        ..RestoreUserRequest::default()
    };
    users
        .restore_user(request)
        .await
        .expect("restored")
        .into_inner()
}

/// Waits until nobody can watch from there any more.
async fn forgotten(users: &mut Users, revision: i64) {
    let until = async { while users.watch_users(from(revision)).await.is_ok() {} };
    timeout(IN_TIME, until)
        .await
        .expect("it is let go of in time");
}

/// A desk whose record has the last ten changes only.
async fn forgetful() -> Server {
    let keeping = RetentionPolicy {
        max_changes: 10,
        sweep_interval: Some(Duration::from_hours(1)),
        ..RetentionPolicy::default()
    };
    let desk = Server::open_keeping(keeping, |_| {}).await;
    let mut users = desk.users().await;
    // It looks at once, but beside what is served.
    forgotten(&mut users, FIRST - 11).await;
    desk
}

#[tokio::test]
async fn each_kind_of_change_is_told_with_what_it_made() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let mut watch = watch(&mut users, from(FIRST)).await;
    assert_eq!(told(&mut watch).await, (FIRST, Kind::Bookmark, 0));

    let created = create(&mut users, "Ada", "ada@example.org").await;
    let event = next(&mut watch).await.expect("an event");
    assert_eq!((event.revision, event.kind()), (FIRST + 1, Kind::Created));
    assert_eq!(event.change_time, created.update_time);
    assert_eq!(event.user, Some(created));

    let updated = rename(&mut users, 1_001, "Ada Lovelace").await;
    let event = next(&mut watch).await.expect("an event");
    assert_eq!((event.revision, event.kind()), (FIRST + 2, Kind::Updated));
    assert_eq!(event.previous_name, "Ada");
    assert_eq!(event.previous_email, "ada@example.org");
    assert_eq!(event.user, Some(updated));

    let deleted = delete(&mut users, 1_001).await;
    assert!(deleted.purge_time.is_some());
    let event = next(&mut watch).await.expect("an event");
    assert_eq!((event.revision, event.kind()), (FIRST + 3, Kind::Deleted));
    assert_eq!(event.user, Some(deleted));

    let restored = restore(&mut users, 1_001).await;
    let event = next(&mut watch).await.expect("an event");
    assert_eq!((event.revision, event.kind()), (FIRST + 4, Kind::Restored));
    assert_eq!(event.user, Some(restored));
    assert_eq!(
        (event.previous_name, event.previous_email),
        Default::default()
    );
}

#[tokio::test]
async fn list_then_watch_from_its_revision_misses_nothing() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let list = users
        .list_users(ListUsersRequest::default())
        .await
        .expect("a list");
    let revision = list.metadata().get("x-revision").expect("the revision");
    let revision: i64 = revision.to_str().expect("text").parse().expect("a number");
    // While the list is read, and before it is watched.
    let mut list = list.into_inner();
    let mut replica = BTreeMap::new();
    for id in [3, 500, 998, 1_000] {
        let user = list.message().await.expect("a message").expect("a user");
        replica.insert(user.id, user);
        delete(&mut users, id).await;
        create(&mut users, "Somebody", &format!("{id}@example.org")).await;
        rename(&mut users, id - 1, "Somebody Else").await;
    }
    restore(&mut users, 500).await;
    while let Some(user) = list.message().await.expect("a message") {
        replica.insert(user.id, user);
    }
    let mut watch = watch(&mut users, from(revision)).await;
    for expected in revision + 1.. {
        let event = next(&mut watch).await.expect("an event");
        if event.kind() == Kind::Bookmark {
            assert_eq!(event.revision, revision + 13);
            break;
        }
        assert_eq!(event.revision, expected);
        let kind = event.kind();
        let user = event.user.expect("a user");
        if kind == Kind::Deleted {
            replica.remove(&user.id);
        } else {
            replica.insert(user.id, user);
        }
    }
    let list = users
        .list_users(ListUsersRequest::default())
        .await
        .expect("a list");
    let truth: Vec<_> = list
        .into_inner()
        .map(|user| user.expect("a user"))
        .collect()
        .await;
    assert!(replica.into_values().eq(truth));
}

#[tokio::test]
async fn a_watcher_that_comes_back_gets_exactly_what_it_missed() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let mut first = watch(&mut users, from(FIRST - 2)).await;
    assert_eq!(told(&mut first).await.0, FIRST - 1);
    assert_eq!(told(&mut first).await.0, FIRST);
    assert_eq!(told(&mut first).await, (FIRST, Kind::Bookmark, 0));
    drop(first);
    create(&mut users, "Ada", "ada@example.org").await;
    delete(&mut users, 7).await;
    let mut second = watch(&mut users, from(FIRST)).await;
    assert_eq!(told(&mut second).await, (FIRST + 1, Kind::Created, 1_001));
    assert_eq!(told(&mut second).await, (FIRST + 2, Kind::Deleted, 7));
    assert_eq!(told(&mut second).await, (FIRST + 2, Kind::Bookmark, 0));
}

#[tokio::test]
async fn who_says_no_revision_is_told_from_where_it_begins() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let mut watch = watch(&mut users, WatchUsersRequest::default()).await;
    assert_eq!(told(&mut watch).await, (FIRST, Kind::Bookmark, 0));
    delete(&mut users, 7).await;
    assert_eq!(told(&mut watch).await, (FIRST + 1, Kind::Deleted, 7));
}

#[tokio::test]
async fn while_nothing_changes_bookmarks_come() {
    let desk = Server::open_with(|settings| settings.bookmark_interval = 1).await;
    let mut users = desk.users().await;
    let mut watch = watch(&mut users, WatchUsersRequest::default()).await;
    for _ in 0..3 {
        assert_eq!(told(&mut watch).await, (FIRST, Kind::Bookmark, 0));
    }
    delete(&mut users, 7).await;
    assert_eq!(told(&mut watch).await, (FIRST + 1, Kind::Deleted, 7));
    assert_eq!(told(&mut watch).await, (FIRST + 1, Kind::Bookmark, 0));
}

#[tokio::test]
async fn a_watch_of_one_user_or_of_a_search_tells_of_nobody_else() {
    let desk = Server::open_with(|settings| settings.bookmark_interval = 1).await;
    let mut users = desk.users().await;
    let zoe = create(&mut users, "Zoë Sokołów", "zoe@example.org").await;
    let filter = |id, query: &str| WatchUsersRequest {
        user_id: id,
        query: query.into(),
        from_revision: Some(FIRST + 1),
    };
    let asked = [
        filter(zoe.id, ""),
        filter(0, "SOKOLOW zoe"),
        filter(0, &zoe.id.to_string()),
        filter(zoe.id, "zoe@example.org"),
    ];
    let mut watches = Vec::new();
    for request in asked {
        watches.push(watch(&mut users, request).await);
    }
    delete(&mut users, 7).await;
    // She is found by who she was.
    rename(&mut users, zoe.id, "Zoë Jones").await;
    delete(&mut users, 8).await;
    for watch in &mut watches {
        let mut changes = Vec::new();
        // What is passed over moves bookmarks on all the same.
        loop {
            match told(watch).await {
                (revision, Kind::Bookmark, _) if revision == FIRST + 4 => break,
                (_, Kind::Bookmark, _) => {}
                change => changes.push(change),
            }
        }
        assert_eq!(changes, [(FIRST + 3, Kind::Updated, zoe.id)]);
    }
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused_with_the_field() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let long = "x".repeat(65);
    for (from_revision, query, id, fields) in [
        (Some(-1), "", 0, &["from_revision"][..]),
        (None, "", -1, &["user_id"]),
        (None, &long, 0, &["query"]),
        (
            Some(i64::MIN),
            &long,
            i32::MIN,
            &["from_revision", "query", "user_id"],
        ),
    ] {
        let refused = users
            .watch_users(WatchUsersRequest {
                from_revision,
                query: query.into(),
                user_id: id,
            })
            .await
            .expect_err("a refusal");
        assert_eq!(refused.code(), Code::InvalidArgument);
        let details = refused.get_details_bad_request().expect("the fields");
        let named = details.field_violations.iter();
        assert!(
            named
                .map(|violation| violation.field.as_str())
                .eq(fields.iter().copied())
        );
    }
    // As long as it may be, whatever it is.
    for query in ["👩".repeat(64), "\"'; DROP --%_*".to_owned()] {
        let request = WatchUsersRequest {
            query,
            ..from(FIRST)
        };
        let mut watch = watch(&mut users, request).await;
        assert_eq!(told(&mut watch).await, (FIRST, Kind::Bookmark, 0));
    }
}

#[tokio::test]
async fn beyond_the_record_the_oldest_revision_is_told() {
    let desk = forgetful().await;
    let mut users = desk.users().await;
    for beyond in [0, FIRST - 11, FIRST + 1, i64::MAX] {
        let refused = users
            .watch_users(from(beyond))
            .await
            .expect_err("a refusal");
        assert_eq!(refused.code(), Code::OutOfRange, "{beyond}");
        let info = refused.get_details_error_info().expect("the reason");
        let reason = if beyond > FIRST {
            "REVISION_TOO_NEW"
        } else {
            "REVISION_TOO_OLD"
        };
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            (reason, "frontdesk")
        );
        assert_eq!(info.metadata["oldest_revision"], (FIRST - 9).to_string());
    }
    let mut watch = watch(&mut users, from(FIRST - 10)).await;
    assert_eq!(told(&mut watch).await.0, FIRST - 9);
}

#[tokio::test]
async fn who_stops_reading_is_served_later_from_the_record() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    let mut stalled = watch(&mut users, from(FIRST)).await;
    assert_eq!(told(&mut stalled).await, (FIRST, Kind::Bookmark, 0));
    // More than what is on its way holds, and than memory does.
    let many = 2_500;
    let name = "👩".repeat(200);
    let changes = stream::iter(0..many).map(|number| {
        let (mut users, name) = (users.clone(), &name);
        async move {
            create(&mut users, name, &format!("{number}@example.org")).await;
        }
    });
    changes.buffer_unordered(64).collect::<Vec<()>>().await;
    for revision in FIRST + 1..=FIRST + many {
        let (told, kind, _) = told(&mut stalled).await;
        assert_eq!((told, kind), (revision, Kind::Created));
    }
    delete(&mut users, 7).await;
    assert_eq!(
        told(&mut stalled).await,
        (FIRST + many + 1, Kind::Deleted, 7)
    );
}

#[tokio::test]
async fn a_server_that_goes_down_ends_watches_and_says_when_to_come_again() {
    let mut desk = Server::open().await;
    let mut users = desk.users().await;
    let mut watch = watch(&mut users, from(FIRST)).await;
    assert_eq!(told(&mut watch).await, (FIRST, Kind::Bookmark, 0));
    desk.tell_to_stop();
    let status = next(&mut watch).await.expect_err("an end");
    assert_eq!(status.code(), Code::Unavailable);
    assert!(status.get_details_retry_info().is_some());
    desk.stopped().await;
}
