//! Pages of the whole directory.

use frontdesk::user::ListUsersRequest;

use super::list_users;
use crate::helpers::{Server, Users};

async fn ids(users: &mut Users, page: i32, page_size: i32) -> Vec<i32> {
    let request = ListUsersRequest {
        page,
        page_size,
        ..ListUsersRequest::default()
    };
    list_users(users, request).await.ids()
}

#[tokio::test]
async fn a_page_has_page_size_users_or_50() {
    let server = Server::start().await;
    let mut users = server.users().await;
    assert_eq!(ids(&mut users, 1, 3).await, [1, 2, 3]);
    assert_eq!(ids(&mut users, 2, 3).await, [4, 5, 6]);
    assert_eq!(ids(&mut users, 1, 0).await.len(), 50);
    assert_eq!(ids(&mut users, 1, i32::MAX).await.len(), 1_000);
    assert_eq!(ids(&mut users, 4, 300).await.len(), 100, "the last page");
    assert_eq!(ids(&mut users, 5, 300).await.len(), 0, "past the last page");
    assert_eq!(ids(&mut users, i32::MAX, i32::MAX).await.len(), 0);
    assert_eq!(ids(&mut users, 0, 0).await, (1..=1_000).collect::<Vec<_>>());
}

#[tokio::test]
async fn every_list_has_the_total_and_the_revision() {
    let server = Server::start().await;
    let mut users = server.users().await;
    for page in [0, 1, 9_999] {
        let request = ListUsersRequest {
            page,
            page_size: 1,
            ..ListUsersRequest::default()
        };
        // `list_users` panics if there is no revision.
        assert_eq!(list_users(&mut users, request).await.total, 1_000);
    }
}
