//! Invalid requests.

use frontdesk::user::{ImportUsersRequest, OnExisting};

use super::{batch, batches, import, import_with_status, start};
use crate::helpers::{Server, invalid_fields};

#[tokio::test]
async fn an_invalid_request_is_rejected_with_its_field_after_the_valid_ones() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let started = start("bad", OnExisting::Unspecified);
    import(&mut users, vec![started.clone(), batches(1..=1).remove(0)]).await;
    let many: Vec<_> = (0..1_001).map(|line| (line, "Ada", "x")).collect();
    let next = || batches(2..=2).remove(0);
    let empty = ImportUsersRequest { kind: None };
    for (requests, responses, field) in [
        (vec![], 0, "requests"),
        (vec![next()], 0, "requests[0].start"),
        (vec![empty.clone()], 0, "requests[0].start"),
        (vec![started.clone(), empty], 1, "requests[1].batch"),
        (
            vec![started.clone(), next(), started.clone()],
            2,
            "requests[2].start",
        ),
        (
            vec![start("", OnExisting::Skip)],
            0,
            "requests[0].start.import_id",
        ),
        (
            vec![start(&"x".repeat(65), OnExisting::Skip)],
            0,
            "requests[0].start.import_id",
        ),
        (
            vec![start("bad", OnExisting::Skip)],
            0,
            "requests[0].start.on_existing",
        ),
        (
            [vec![started.clone()], batches(4..=4)].concat(),
            1,
            "requests[1].batch.sequence",
        ),
        (
            [vec![started.clone()], batches(0..=0)].concat(),
            1,
            "requests[1].batch.sequence",
        ),
        (
            vec![started.clone(), next(), next()],
            2,
            "requests[2].batch.sequence",
        ),
        (
            vec![started.clone(), batch(2, &[])],
            1,
            "requests[1].batch.rows",
        ),
        (
            vec![started.clone(), batch(2, &many)],
            1,
            "requests[1].batch.rows",
        ),
    ] {
        let (kinds, end) = import_with_status(&mut users, requests).await;
        let status = end.expect_err(field);
        assert_eq!(invalid_fields(&status)[0], field, "{status}");
        assert_eq!(kinds.len(), responses, "{field}");
    }
}
