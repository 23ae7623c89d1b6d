//! `ImportUsers` with a million users.

use std::time::Instant;

use frontdesk::user::{
    ImportBatch, ImportRow, ImportUsersRequest, StartImport, import_users_request::Kind,
    import_users_response,
};
use futures_util::stream;

use crate::{
    Result,
    report::Row,
    sample_directory::SampleDirectory,
    server_process::{ServerProcess, Users},
    statistics::{mebibytes, median},
};

const ROWS: i64 = 1_000_000;
const BATCH: i64 = 1_000;
const RUNS: u32 = 3;
const TARGET: f64 = 100_000.0;
const MEMORY_TARGET: f64 = 64.0;

pub(super) async fn measure() -> Result<Vec<Row>> {
    let (mut rates, mut grown) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let directory = SampleDirectory::create(2_000)?;
        let server = ServerProcess::start(directory.folder())?;
        server.reset_peak_memory()?;
        let before = server.memory()?;
        rates.push(import(server.users().await?).await?);
        grown.push(mebibytes(server.peak_memory()?.saturating_sub(before)));
    }
    Ok(vec![
        Row::at_least(
            "`ImportUsers` of a million users, each batch of 1,000 acknowledged when it is on disk",
            TARGET,
            median(rates),
            "rows per second",
            "",
        ),
        Row::at_most(
            "the same: growth of the server's memory",
            MEMORY_TARGET,
            median(grown),
            "MiB",
            "includes the search index of the new users",
        ),
    ])
}

async fn import(mut users: Users) -> Result<f64> {
    let first = Kind::Start(StartImport {
        import_id: "a million".to_owned(),
        ..StartImport::default()
    });
    let batches = (0..ROWS / BATCH).map(|batch| {
        let rows = (batch * BATCH..(batch + 1) * BATCH).map(|row| ImportRow {
            line: row + 2,
            name: format!("Olívia Nr{row}"),
            email: format!("user{row}@example.org"),
        });
        Kind::Batch(ImportBatch {
            sequence: batch + 1,
            rows: rows.collect(),
        })
    });
    let requests = std::iter::once(first).chain(batches);
    let requests = requests.map(|kind| ImportUsersRequest { kind: Some(kind) });
    let start = Instant::now();
    let response = users.import_users(stream::iter(requests)).await?;
    let mut responses = response.into_inner();
    let mut created = 0;
    while let Some(response) = responses.message().await? {
        if let Some(import_users_response::Kind::Batch(batch)) = response.kind {
            created += batch.counts.unwrap_or_default().created;
        }
    }
    assert_eq!(created, ROWS, "all rows create a user");
    Ok(rows_per_second(start))
}

fn rows_per_second(start: Instant) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let rows = ROWS as f64;
    rows / start.elapsed().as_secs_f64()
}
