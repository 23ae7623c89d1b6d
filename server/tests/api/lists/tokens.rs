//! Page tokens.

use frontdesk::user::ListUsersRequest;

use super::{list_users, query};
use crate::helpers::{Server, create_user};

#[tokio::test]
async fn page_tokens_cover_the_whole_list_in_every_order() {
    let server = Server::start().await;
    let mut users = server.users().await;
    for order_by in [
        "",
        "id desc",
        "name",
        "name desc",
        "email",
        "update_time desc",
    ] {
        for text in ["", "a"] {
            let request = ListUsersRequest {
                order_by: order_by.to_owned(),
                page_size: 300,
                ..query(text)
            };
            let whole = list_users(&mut users, request.clone()).await;
            assert_eq!(whole.next_page_token, None);
            let mut read = Vec::new();
            let mut page = ListUsersRequest {
                page: 1,
                ..request.clone()
            };
            loop {
                let response = list_users(&mut users, page).await;
                assert_eq!(
                    (response.total, response.revision),
                    (whole.total, whole.revision)
                );
                read.extend(response.users);
                let Some(page_token) = response.next_page_token else {
                    break;
                };
                page = ListUsersRequest {
                    page_token,
                    ..request.clone()
                };
            }
            assert_eq!(read, whole.users, "{order_by:?} {text:?}");
        }
    }
}

#[tokio::test]
async fn page_tokens_stay_short_for_long_sort_keys() {
    let server = Server::start().await;
    let mut users = server.users().await;
    // Each character expands to eighteen in the sort key.
    let name = "\u{fdfa}".repeat(200);
    for number in 0..5 {
        create_user(&mut users, &name, &format!("long{number}@example.org")).await;
    }
    for order_by in ["name", "name desc"] {
        let mut request = ListUsersRequest {
            query: "long".to_owned(),
            order_by: order_by.to_owned(),
            page: 1,
            page_size: 1,
            ..ListUsersRequest::default()
        };
        let mut ids = Vec::new();
        loop {
            let response = list_users(&mut users, request.clone()).await;
            ids.extend(response.users.iter().map(|user| user.id));
            let Some(page_token) = response.next_page_token else {
                break;
            };
            assert!(page_token.len() < 2_000, "{}", page_token.len());
            assert!(ids.len() < 5, "{ids:?}: too many pages");
            request.page = 0;
            request.page_token = page_token;
        }
        ids.sort_unstable();
        assert_eq!(ids, [1_001, 1_002, 1_003, 1_004, 1_005], "{order_by}");
    }
}
