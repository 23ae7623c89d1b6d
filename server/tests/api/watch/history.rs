//! `ListChanges`: what is on record, the newest first.

use frontdesk::user::ListChangesRequest;

use super::*;

async fn list(users: &mut Users, id: i32, before_revision: i64, limit: i32) -> Vec<UserEvent> {
    let request = ListChangesRequest {
        user_id: id,
        before_revision,
        limit,
    };
    let changes = users.list_changes(request).await.expect("the record");
    let events = changes.into_inner();
    events.map(|event| event.expect("an event")).collect().await
}

fn revisions(events: &[UserEvent]) -> Vec<i64> {
    events.iter().map(|event| event.revision).collect()
}

#[tokio::test]
async fn the_record_comes_newest_first_and_ends() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    delete(&mut users, 7).await;
    let all = list(&mut users, 0, 0, 0).await;
    assert_eq!(revisions(&all), (1..=FIRST + 1).rev().collect::<Vec<_>>());
    assert!(all.iter().all(|event| event.kind() != Kind::Bookmark));
    assert_eq!(all[0].kind(), Kind::Deleted);
    assert!(
        all[0]
            .user
            .as_ref()
            .is_some_and(|user| user.purge_time.is_some())
    );

    assert_eq!(
        revisions(&list(&mut users, 0, 0, 2).await),
        [FIRST + 1, FIRST]
    );
    let page = list(&mut users, 0, FIRST, 3).await;
    assert_eq!(revisions(&page), [FIRST - 1, FIRST - 2, FIRST - 3]);
    assert_eq!(revisions(&list(&mut users, 0, 3, 0).await), [2, 1]);
    assert!(list(&mut users, 0, 1, 0).await.is_empty());
}

#[tokio::test]
async fn one_users_history_is_theirs_in_the_bin_or_not() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    rename(&mut users, 7, "Ada").await;
    rename(&mut users, 8, "Grace").await;
    delete(&mut users, 7).await;
    let hers = list(&mut users, 7, 0, 0).await;
    let kinds: Vec<_> = hers.iter().map(UserEvent::kind).collect();
    assert_eq!(kinds, [Kind::Deleted, Kind::Updated, Kind::Created]);
    assert_eq!(revisions(&hers), [FIRST + 3, FIRST + 1, 7]);
    let created = hers[2].user.as_ref().expect("a user");
    assert_eq!(hers[1].previous_name, created.name);
    assert_eq!(revisions(&list(&mut users, 7, FIRST + 1, 1).await), [7]);
    assert!(list(&mut users, i32::MAX, 0, 0).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_listed_is_refused_with_the_field() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    for (request, field) in [
        ((-1, 0, 0), "user_id"),
        ((0, -1, 0), "before_revision"),
        ((0, 0, -1), "limit"),
    ] {
        let (id, before_revision, limit) = request;
        let refused = users
            .list_changes(ListChangesRequest {
                user_id: id,
                before_revision,
                limit,
            })
            .await
            .expect_err("a refusal");
        assert_eq!(refused.code(), Code::InvalidArgument);
        let details = refused.get_details_bad_request().expect("the fields");
        assert_eq!(details.field_violations[0].field, field);
    }
}
