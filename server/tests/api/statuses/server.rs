//! Limits, deadlines, shutdown and internal errors.

use frontdesk::user::{ListChangesRequest, UserRequest, WatchUsersRequest};
use frontdesk_store::RetentionPolicy;
use futures_util::future::join_all;
use rusqlite::Connection;

use crate::helpers::{
    PROTOCOLS, Server, acquire_permit, call_status, frame_message, long_user,
    same_status_everywhere, user_by_id, wait_until_no_permit,
};

const WATCH: &str = "/user.UserService/WatchUsers";

#[tokio::test]
async fn a_full_database_rejects_writes_with_a_retry_delay_and_serves_reads() {
    let retention = RetentionPolicy {
        max_database_bytes: Some(1 << 20),
        ..RetentionPolicy::default()
    };
    let server = Server::start_with_retention(retention, |_| {}).await;
    let mut users = server.users().await;
    let long = |number| long_user(number, String::new());
    let mut number = 0;
    while users.create_user(long(number)).await.is_ok() {
        number += 1;
    }
    let status = same_status_everywhere(&server, "CreateUser", &long(number)).await;
    assert_eq!(status.code, "8", "{status:?}");
    status.assert_retryable();
    assert_eq!(user_by_id(&mut users, 1).await.name, "John Doe");
}

#[tokio::test]
async fn a_call_over_the_limit_is_rejected_with_a_retry_delay() {
    let server = Server::start_with(|settings| {
        settings.max_calls = 3;
        settings.max_streams = 2;
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut users = server.users().await;
        let watch = users.watch_users(WatchUsersRequest::default()).await;
        held.push(watch.expect("watch").into_inner());
    }
    let status = same_status_everywhere(&server, "GetUser", &UserRequest { id: 1 }).await;
    assert_eq!(status.code, "8", "{status:?}");
    status.assert_retryable();
    drop(held);
    acquire_permit(&server).await;
}

#[tokio::test]
async fn deadline_exceeded_is_the_same_over_every_protocol() {
    let server = Server::start().await;
    let watch = frame_message(&WatchUsersRequest::default());
    let mut all = Vec::new();
    for protocol in PROTOCOLS {
        all.push(call_status(server.address, protocol, WATCH, &watch, Some("200m")).await);
    }
    assert_eq!(all[0].code, "4", "{all:?}");
    assert!(all.iter().all(|status| *status == all[0]), "{all:?}");
}

#[tokio::test]
async fn a_shutdown_ends_streams_with_unavailable_and_a_retry_delay() {
    let mut server = Server::start_with(|settings| settings.max_calls = 3).await;
    let address = server.address;
    let statuses = tokio::spawn(async move {
        let watch = frame_message(&WatchUsersRequest::default());
        join_all(PROTOCOLS.map(|protocol| call_status(address, protocol, WATCH, &watch, None)))
            .await
    });
    // Each of the three calls holds a permit.
    let mut greeter = server.greeter().await;
    wait_until_no_permit(&mut greeter).await;
    drop(greeter);

    server.shut_down();
    let all = statuses.await.expect("task completed");
    assert_eq!(all[0].code, "14", "{all:?}");
    all[0].assert_retryable();
    assert!(all.iter().all(|status| *status == all[0]), "{all:?}");
    server.wait().await;
}

#[tokio::test]
async fn an_internal_error_has_a_fixed_text_and_the_request_id() {
    let server = Server::start().await;
    let db = Connection::open(server.data().join("frontdesk.db")).expect("database");
    db.execute_batch("DROP TABLE change_log")
        .expect("table dropped");
    let request = frame_message(&ListChangesRequest::default());
    let mut messages = Vec::new();
    for protocol in PROTOCOLS {
        let path = "/user.UserService/ListChanges";
        let status = call_status(server.address, protocol, path, &request, None).await;
        assert_eq!(status.code, "13", "{status:?}");
        let details = status.details();
        let info = details.request_info().cloned().expect("RequestInfo");
        assert!(!info.request_id.is_empty());
        // The message does not describe the database; only the request id differs.
        messages.push(status.message.replace(&info.request_id, "-"));
    }
    assert!(
        messages.iter().all(|message| *message == messages[0]),
        "{messages:?}"
    );
    assert!(!messages[0].contains("table"), "{messages:?}");
}
