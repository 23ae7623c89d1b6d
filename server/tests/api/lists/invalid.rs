//! Invalid list requests.

use frontdesk::user::ListUsersRequest;
use prost_types::Timestamp;

use super::{list_users, query};
use crate::helpers::{Server, invalid_fields};

#[tokio::test]
async fn an_invalid_order_token_or_filter_is_rejected_with_the_field() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let page = |order_by: &str| ListUsersRequest {
        page: 1,
        order_by: order_by.to_owned(),
        ..ListUsersRequest::default()
    };
    let token = list_users(&mut users, page("name"))
        .await
        .next_page_token
        .expect("page token");
    let with_token = |request: ListUsersRequest| ListUsersRequest {
        page: 0,
        page_token: token.clone(),
        ..request
    };
    let since = |seconds, nanos| ListUsersRequest {
        min_update_time: Some(Timestamp { seconds, nanos }),
        ..ListUsersRequest::default()
    };
    assert_eq!(
        list_users(&mut users, with_token(page("name")))
            .await
            .users
            .len(),
        50
    );
    for (request, field) in [
        (page("age"), "order_by"),
        (page("name, id"), "order_by"),
        (page("NAME"), "order_by"),
        (with_token(page("")), "page_token"),
        (with_token(page("name desc")), "page_token"),
        (with_token(query("ada")), "page_token"),
        (
            ListUsersRequest {
                show_deleted: true,
                ..with_token(page("name"))
            },
            "page_token",
        ),
        (
            ListUsersRequest {
                page: 1,
                ..with_token(page("name"))
            },
            "page_token",
        ),
        (
            ListUsersRequest {
                page_token: "not a token".to_owned(),
                ..ListUsersRequest::default()
            },
            "page_token",
        ),
        (
            ListUsersRequest {
                sample_filter: 7,
                ..ListUsersRequest::default()
            },
            "sample_filter",
        ),
        (since(0, -1), "min_update_time"),
        (since(0, 1_000_000_000), "min_update_time"),
        (since(i64::MAX, 0), "min_update_time"),
    ] {
        let status = users.list_users(request).await.expect_err(field);
        assert_eq!(invalid_fields(&status), [field]);
    }
}

#[tokio::test]
async fn a_negative_page_or_page_size_is_rejected_with_the_field() {
    let server = Server::start().await;
    let mut users = server.users().await;
    for (page, page_size, fields) in [
        (-1, 0, &["page"][..]),
        (1, -5, &["page_size"]),
        (i32::MIN, i32::MIN, &["page", "page_size"]),
    ] {
        let rejected = users
            .list_users(ListUsersRequest {
                page,
                page_size,
                ..ListUsersRequest::default()
            })
            .await;
        assert_eq!(
            invalid_fields(&rejected.expect_err("invalid request")),
            fields
        );
    }
}
