//! Filters of lists.

use frontdesk::user::{ListUsersRequest, SampleFilter};
use prost_types::Timestamp;

use super::{list_users, query};
use crate::helpers::{Server, create_user, delete_user, user_by_id};

#[tokio::test]
async fn filters_apply_to_the_list_and_its_total() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let id = create_user(&mut users, "Ada Quux", "ada@example.org")
        .await
        .id;
    let with_filter = |filter: SampleFilter| ListUsersRequest {
        sample_filter: filter.into(),
        ..ListUsersRequest::default()
    };
    assert_eq!(
        list_users(&mut users, with_filter(SampleFilter::Only))
            .await
            .total,
        999
    );
    let real = list_users(&mut users, with_filter(SampleFilter::Exclude)).await;
    assert_eq!((real.ids(), real.total), (vec![1, id], 2));
    let deleted = delete_user(&mut users, id).await;
    let trash = ListUsersRequest {
        show_deleted: true,
        ..query("quux")
    };
    let trash = list_users(&mut users, trash).await;
    assert_eq!((trash.users, trash.total), (vec![deleted.clone()], 1));
    let john = user_by_id(&mut users, 1).await;
    let since = |time: Option<Timestamp>| ListUsersRequest {
        min_update_time: time,
        ..ListUsersRequest::default()
    };
    let all = list_users(&mut users, since(john.update_time)).await;
    assert_eq!(all.total, 1_000);
    let later = deleted.update_time.map(|time| Timestamp {
        seconds: time.seconds + 1,
        ..time
    });
    assert_eq!(list_users(&mut users, since(later)).await.total, 0);
}
