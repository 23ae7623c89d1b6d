//! Imports with `validate_only`.

use frontdesk::user::OnExisting;
use tokio::sync::mpsc;

use super::{batch, counts, import, name_of, start, start_validation};
use crate::helpers::{INITIAL_USERS, Server};

#[tokio::test]
async fn a_validation_reports_the_same_results_and_writes_nothing() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let requests = [
        batch(
            1,
            &[
                (1, "Ada", "ada@example.org"),
                (2, "Jane", "john@example.com"),
                (3, "", "x"),
            ],
        ),
        batch(
            2,
            &[
                (4, "Ada", "ada@example.org"),
                (5, "Eve", "ADA@example.org"),
                (6, "Jane", "john@example.com"),
                (7, "Bob", "bob@example.org"),
            ],
        ),
    ];
    for on_existing in [
        OnExisting::Unspecified,
        OnExisting::Skip,
        OnExisting::Update,
    ] {
        let server = Server::start().await;
        let mut importing = server.users().await;
        let with = |start| [vec![start], requests.to_vec()].concat();
        let imported = import(&mut importing, with(start("import", on_existing))).await;
        let validation = start_validation("validation", on_existing);
        let validated = import(&mut users, with(validation)).await;
        for (imported, validated) in imported.iter().zip(&validated) {
            assert_eq!(imported.counts, validated.counts, "{on_existing:?}");
            assert_eq!(
                imported.rejected_rows, validated.rejected_rows,
                "{on_existing:?}"
            );
        }
    }
    assert_eq!(name_of(&mut users, 1).await.as_deref(), Some("John Doe"));
    assert_eq!(name_of(&mut users, INITIAL_USERS + 1).await, None);
    // A validation cannot be resumed.
    let restarted = vec![start("validation", OnExisting::Skip), requests[0].clone()];
    assert_eq!(import(&mut users, restarted).await[0].sequence, 1);
}

#[tokio::test]
async fn idle_validations_do_not_block_others() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let mut idle = Vec::new();
    for number in 0..16 {
        let (requests, receiver) = mpsc::channel(2);
        let start = start_validation(&format!("idle {number}"), OnExisting::Skip);
        requests.send(start).await.expect("channel capacity");
        let responses = users.import_users(tokio_stream::wrappers::ReceiverStream::new(receiver));
        let mut responses = responses.await.expect("call").into_inner();
        responses.message().await.expect("first response");
        idle.push((requests, responses));
    }
    let requests = vec![
        start_validation("busy", OnExisting::Skip),
        batch(1, &[(1, "Ada", "ada@example.org")]),
    ];
    let results = import(&mut users, requests).await;
    assert_eq!(counts(results[0].counts), [1, 0, 0, 0]);
}
