//! `ListChanges`: the change log, newest first.

use frontdesk::user::{ListChangesRequest, UserEvent, user_event::Kind};
use futures_util::StreamExt as _;

use crate::helpers::{INITIAL_USERS, Server, Users, delete_user, invalid_fields, update_name};

/// The revision of a new directory.
const INITIAL: i64 = INITIAL_USERS as i64;

async fn changes(users: &mut Users, id: i32, before_revision: i64, limit: i32) -> Vec<UserEvent> {
    let request = ListChangesRequest {
        user_id: id,
        before_revision,
        limit,
    };
    let events = users.list_changes(request).await.expect("change log");
    let events = events.into_inner();
    events.map(|event| event.expect("event")).collect().await
}

fn revisions(events: &[UserEvent]) -> Vec<i64> {
    events.iter().map(|event| event.revision).collect()
}

#[tokio::test]
async fn changes_are_listed_newest_first_in_pages() {
    let server = Server::start().await;
    let mut users = server.users().await;
    delete_user(&mut users, 7).await;
    let all = changes(&mut users, 0, 0, 0).await;
    assert_eq!(revisions(&all), (1..=INITIAL + 1).rev().collect::<Vec<_>>());
    assert!(all.iter().all(|event| event.kind() != Kind::Bookmark));
    assert_eq!(all[0].kind(), Kind::Deleted);
    assert!(
        all[0]
            .user
            .as_ref()
            .is_some_and(|user| user.purge_time.is_some())
    );

    assert_eq!(
        revisions(&changes(&mut users, 0, 0, 2).await),
        [INITIAL + 1, INITIAL]
    );
    let page = changes(&mut users, 0, INITIAL, 3).await;
    assert_eq!(revisions(&page), [INITIAL - 1, INITIAL - 2, INITIAL - 3]);
    assert_eq!(revisions(&changes(&mut users, 0, 3, 0).await), [2, 1]);
    assert!(changes(&mut users, 0, 1, 0).await.is_empty());
}

#[tokio::test]
async fn the_history_of_a_user_includes_its_time_in_the_trash() {
    let server = Server::start().await;
    let mut users = server.users().await;
    update_name(&mut users, 7, "Ada").await;
    update_name(&mut users, 8, "Grace").await;
    delete_user(&mut users, 7).await;
    let history = changes(&mut users, 7, 0, 0).await;
    let kinds: Vec<_> = history.iter().map(UserEvent::kind).collect();
    assert_eq!(kinds, [Kind::Deleted, Kind::Updated, Kind::Created]);
    assert_eq!(revisions(&history), [INITIAL + 3, INITIAL + 1, 7]);
    let created = history[2].user.as_ref().expect("user");
    assert_eq!(history[1].previous_name, created.name);
    assert_eq!(
        revisions(&changes(&mut users, 7, INITIAL + 1, 1).await),
        [7]
    );
    assert!(changes(&mut users, i32::MAX, 0, 0).await.is_empty());
}

#[tokio::test]
async fn an_invalid_request_is_rejected_with_its_field() {
    let server = Server::start().await;
    let mut users = server.users().await;
    for (request, field) in [
        ((-1, 0, 0), "user_id"),
        ((0, -1, 0), "before_revision"),
        ((0, 0, -1), "limit"),
    ] {
        let (id, before_revision, limit) = request;
        let rejected = users
            .list_changes(ListChangesRequest {
                user_id: id,
                before_revision,
                limit,
            })
            .await
            .expect_err("invalid request");
        assert_eq!(invalid_fields(&rejected), [field]);
    }
}
