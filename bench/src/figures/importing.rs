//! A million users by `ImportUsers`.

use std::time::Instant;

use frontdesk::user::{
    ImportBatch, ImportRow, ImportUsersRequest, StartImport, import_users_request::Kind,
    import_users_response, user_service_client::UserServiceClient,
};
use futures_util::stream;
use tonic::transport::Endpoint;

use crate::{Outcome, host::Host, people::People, report::Row, statistics::median};

const ROWS: i64 = 1_000_000;
const BATCH: i64 = 1_000;
const RUNS: u32 = 3;
const AIM: f64 = 100_000.0;
const MEBIBYTE: f64 = 1_048_576.0;
const MEMORY_AIM: f64 = 64.0;

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let (mut rates, mut grown) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let people = People::seeded(2_000)?;
        let host = Host::frontdesk(people.data())?;
        host.forget_peak()?;
        let before = host.memory()?;
        rates.push(import(&host.origin).await?);
        #[expect(
            clippy::cast_precision_loss,
            reason = "bytes of memory are far fewer than 2^52"
        )]
        grown.push(host.peak_memory()?.saturating_sub(before) as f64 / MEBIBYTE);
    }
    Ok(vec![
        Row::at_least(
            "`ImportUsers` of a million users, each batch of 1,000 answered when it is on disk",
            AIM,
            median(rates),
            "rows a second",
            "",
        ),
        Row::at_most(
            "what the server's memory grows by for it",
            MEMORY_AIM,
            median(grown),
            "MiB",
            "with the texts that searches are made in, which stay",
        ),
    ])
}

async fn import(origin: &str) -> Outcome<f64> {
    let channel = Endpoint::from_shared(origin.to_owned())?.connect().await?;
    let mut users = UserServiceClient::new(channel);
    let first = Kind::Start(StartImport {
        import_id: "a million".to_owned(),
        ..StartImport::default()
    });
    let batches = (0..ROWS / BATCH).map(|batch| {
        let rows = (batch * BATCH..(batch + 1) * BATCH).map(|row| ImportRow {
            line: row + 2,
            name: format!("Olívia Nr{row}"),
            email: format!("person{row}@example.org"),
        });
        Kind::Batch(ImportBatch {
            sequence: batch + 1,
            rows: rows.collect(),
        })
    });
    let requests = std::iter::once(first).chain(batches);
    let requests = requests.map(|kind| ImportUsersRequest { kind: Some(kind) });
    let began = Instant::now();
    let answer = users.import_users(stream::iter(requests)).await?;
    let mut answers = answer.into_inner();
    let mut created = 0;
    while let Some(answer) = answers.message().await? {
        if let Some(import_users_response::Kind::Batch(batch)) = answer.kind {
            created += batch.counts.unwrap_or_default().created;
        }
    }
    assert_eq!(created, ROWS, "all are taken");
    Ok(rows_a_second(began))
}

fn rows_a_second(began: Instant) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a million")]
    let rows = ROWS as f64;
    rows / began.elapsed().as_secs_f64()
}
