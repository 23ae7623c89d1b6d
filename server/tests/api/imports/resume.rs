//! Interrupted imports.

use frontdesk::user::{OnExisting, import_users_response};

use super::{batch, batch_result, batches, counts, import, import_with_status, name_of, start};
use crate::helpers::{INITIAL_USERS, Server, invalid_fields};

#[tokio::test]
async fn a_resumed_import_repeats_the_results_of_written_batches_and_continues() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let start = || start("interrupted", OnExisting::Unspecified);
    let rejected = batch(1, &[(1, "Ada", "ada@example.org"), (2, "", "")]);
    let first = [vec![start(), rejected.clone()], batches(2..=3)].concat();
    let first = import(&mut users, first).await;

    let again = [vec![start(), rejected], batches(2..=5)];
    let (kinds, end) = import_with_status(&mut users, again.concat()).await;
    end.expect("call succeeds");
    let import_users_response::Kind::Started(started) = &kinds[0] else {
        panic!("{kinds:?}");
    };
    assert_eq!(started.last_sequence, 3);
    assert_eq!(counts(started.counts), [3, 0, 0, 1]);
    let again: Vec<_> = kinds.into_iter().filter_map(batch_result).collect();
    assert_eq!(again[..3], first[..]);
    assert_eq!(counts(again[4].counts), [1, 0, 0, 0]);
    assert_eq!(
        name_of(&mut users, INITIAL_USERS + 5).await.as_deref(),
        Some("Ada")
    );
    assert_eq!(
        name_of(&mut users, INITIAL_USERS + 6).await,
        None,
        "written twice"
    );

    // The first batch of a call may follow the last written one.
    let rest = import(&mut users, [vec![start()], batches(6..=6)].concat()).await;
    assert_eq!(rest[0].sequence, 6);
}

#[tokio::test]
async fn concurrent_calls_with_one_import_id_write_each_batch_once() {
    const BATCHES: i64 = 200;
    let server = Server::start().await;
    let mut calls = Vec::new();
    for _ in 0..4 {
        let mut users = server.users().await;
        calls.push(tokio::spawn(async move {
            let start = start("concurrent", OnExisting::Unspecified);
            let requests = [vec![start], batches(1..=BATCHES)].concat();
            import(&mut users, requests).await
        }));
    }
    let mut results = Vec::new();
    for call in calls {
        results.push(call.await.expect("task completed"));
    }
    assert_eq!(
        results[0].len(),
        usize::try_from(BATCHES).expect("small number")
    );
    for batch in &results[0] {
        assert_eq!(counts(batch.counts), [1, 0, 0, 0]);
    }
    assert!(results.iter().all(|result| *result == results[0]));
}

#[tokio::test]
async fn a_resumed_import_with_different_rows_is_rejected() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let with =
        |rows: &[(i64, &str, &str)]| vec![start("known", OnExisting::Unspecified), batch(1, rows)];
    let ada = with(&[(1, "Ada", "ada@example.org")]);
    let results = import(&mut users, ada.clone()).await;
    assert_eq!(
        import(&mut users, ada).await,
        results,
        "the same result again"
    );
    // Reporting the first result again would lose these rows without a trace.
    for rows in [
        &[(1, "Grace", "grace@example.org")][..],
        &[(1, "Ada", "ada@example.org"), (2, "Bob", "bob@example.org")],
        &[(1, "Ada", "")],
    ] {
        let (_, end) = import_with_status(&mut users, with(rows)).await;
        let status = end.expect_err("different rows");
        assert_eq!(
            invalid_fields(&status),
            ["requests[1].batch.rows"],
            "{rows:?}"
        );
    }
    assert_eq!(name_of(&mut users, INITIAL_USERS + 2).await, None);
}
