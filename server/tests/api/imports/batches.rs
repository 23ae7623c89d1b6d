//! Results of batches.

use frontdesk::user::{ImportUsersResponse, OnExisting};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;

use super::{batch, batches, counts, import, name_of, start};
use crate::helpers::{INITIAL_USERS, Server};

#[tokio::test]
async fn each_batch_reports_its_counts_and_rejected_rows() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let batches = import(
        &mut users,
        vec![
            start("first", OnExisting::Unspecified),
            batch(
                1,
                &[
                    (2, "Ada", "ada@example.org"),
                    (3, "Bob", "ADA@example.org"),
                    (4, " ", "x@example.org"),
                    (5, "Grace", "x.example.org"),
                    (6, "John Doe", "john@example.com"),
                ],
            ),
            batch(2, &[(7, "Grace", "grace@example.org")]),
        ],
    )
    .await;
    assert_eq!(batches.len(), 2);
    assert_eq!(counts(batches[0].counts), [1, 0, 1, 3]);
    let rejected = &batches[0].rejected_rows;
    for (row, line, field, value, reason) in [
        (0, 3, "email", "ADA@example.org", "user 1001"),
        (1, 4, "name", " ", "name"),
        (2, 5, "email", "x.example.org", "@"),
    ] {
        let row = &rejected[row];
        assert_eq!(
            (row.line, &row.field[..], &row.value[..]),
            (line, field, value)
        );
        assert!(row.reason.contains(reason), "{}", row.reason);
    }
    assert_eq!(counts(batches[1].counts), [1, 0, 0, 0]);
    assert_eq!(batches[1].revision, batches[0].revision + 1);
    assert_eq!(
        name_of(&mut users, INITIAL_USERS + 2).await.as_deref(),
        Some("Grace"),
        "rejected rows use no ids"
    );
}

#[tokio::test]
async fn existing_users_are_rejected_skipped_or_updated() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let rows = [
        (1, "Jane", "John@example.com"),
        (2, "Ada", "ada@example.org"),
    ];
    for (id, on_existing, expected, john) in [
        ("a", OnExisting::Unspecified, [1, 0, 0, 1], "John Doe"),
        ("b", OnExisting::Skip, [0, 0, 2, 0], "John Doe"),
        ("c", OnExisting::Update, [0, 1, 1, 0], "Jane"),
    ] {
        let batches = import(&mut users, vec![start(id, on_existing), batch(1, &rows)]).await;
        assert_eq!(counts(batches[0].counts), expected, "{on_existing:?}");
        assert_eq!(name_of(&mut users, 1).await.as_deref(), Some(john));
    }
}

#[tokio::test]
async fn each_batch_is_acknowledged_while_the_request_is_open() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let (requests, receiver) = mpsc::channel(1);
    requests
        .send(start("open", OnExisting::Unspecified))
        .await
        .expect("open request stream");
    let mut responses: Streaming<ImportUsersResponse> = users
        .import_users(ReceiverStream::new(receiver))
        .await
        .expect("response stream")
        .into_inner();
    for request in batches(1..=3) {
        let before = responses.message().await.expect("response");
        assert!(before.is_some(), "the stream ended");
        requests.send(request).await.expect("open request stream");
    }
    drop(requests);
    assert!(responses.message().await.expect("response").is_some());
    assert!(responses.message().await.expect("end of stream").is_none());
}

#[tokio::test]
async fn a_long_rejected_value_is_truncated() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let long = "é".repeat(100_000);
    let rows = [(1, long.as_str(), "ada@example.org")];
    let requests = vec![start("long", OnExisting::Unspecified), batch(1, &rows)];
    let results = import(&mut users, requests).await;
    assert_eq!(results[0].rejected_rows[0].value, "é".repeat(300));
}
