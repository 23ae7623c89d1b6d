//! Invalid watch requests.

use frontdesk::user::{WatchUsersRequest, user_event::Kind};

use super::{INITIAL, next_change, watch, watch_from};
use crate::helpers::{Server, invalid_fields};

#[tokio::test]
async fn an_invalid_request_is_rejected_with_its_fields() {
    let server = Server::start().await;
    let mut users = server.users().await;
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
        let rejected = users
            .watch_users(WatchUsersRequest {
                from_revision,
                query: query.into(),
                user_id: id,
            })
            .await
            .expect_err("invalid request");
        assert_eq!(invalid_fields(&rejected), fields);
    }
    // A query of the maximum length, and one with special characters.
    for query in ["👩".repeat(64), "\"'; DROP --%_*".to_owned()] {
        let request = WatchUsersRequest {
            query,
            ..watch_from(INITIAL)
        };
        let mut watch = watch(&mut users, request).await;
        assert_eq!(next_change(&mut watch).await, (INITIAL, Kind::Bookmark, 0));
    }
}
