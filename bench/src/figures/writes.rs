//! Users created one by one by many clients, against a plain loop that groups them alike.

use std::{path::Path, time::Instant};

use frontdesk::user::{CreateUserRequest, user_service_client::UserServiceClient};
use rusqlite::{Connection, params};
use tokio::task::JoinSet;
use tonic::transport::Endpoint;

use crate::{
    Outcome,
    host::Host,
    people::People,
    report::{Row, number},
    statistics::median,
};

const CLIENTS: u32 = 64;
const WRITES: u32 = 64 * 500;
const RUNS: u32 = 5;
const AIM: f64 = 10_000.0;
const RATIO_AIM: f64 = 0.8;

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let (ours, plain) = (People::seeded(2_000)?, People::seeded(2_000)?);
    let host = Host::frontdesk(ours.data())?;
    let (mut rates, mut ratios) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let written = over_the_wire(&host.origin, run).await?;
        let looped = plain_loop(&plain.database(), run)?;
        // The first of each does not count.
        if run > 0 {
            rates.push(written);
            ratios.push(written / looped);
        }
    }
    let rate = median(rates);
    let ratio = median(ratios);
    Ok(vec![
        Row::at_least(
            "`CreateUser`, 64 clients at once, each answered when it is on disk",
            AIM,
            rate,
            "a second",
            "",
        ),
        Row::at_least(
            "the same, of a plain rusqlite loop that commits 64 at a time",
            RATIO_AIM,
            ratio,
            "",
            &format!("{} a second against {}", number(rate), number(rate / ratio)),
        ),
    ])
}

fn email(run: u32, number: u32) -> String {
    format!("writer{run}.{number}@example.org")
}

async fn over_the_wire(origin: &str, run: u32) -> Outcome<f64> {
    let each = WRITES / CLIENTS;
    let mut channels = Vec::new();
    for _ in 0..CLIENTS {
        channels.push(Endpoint::from_shared(origin.to_owned())?.connect().await?);
    }
    let began = Instant::now();
    let mut all = JoinSet::new();
    for (client, channel) in (0..CLIENTS).zip(channels) {
        let mut users = UserServiceClient::new(channel);
        all.spawn(async move {
            for number in client * each..(client + 1) * each {
                let request = CreateUserRequest {
                    name: "Olívia Writer".to_owned(),
                    email: email(run, number),
                    request_id: String::new(),
                };
                users.create_user(request).await?;
            }
            Ok::<_, tonic::Status>(())
        });
    }
    while let Some(client) = all.join_next().await {
        client??;
    }
    Ok(f64::from(WRITES) / began.elapsed().as_secs_f64())
}

/// Writes the same rows into the same tables, with nothing between.
fn plain_loop(database: &Path, run: u32) -> Outcome<f64> {
    let db = Connection::open(database)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    let (mut id, mut revision): (i64, i64) =
        db.query_row("SELECT last_id, revision FROM directory", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let began = Instant::now();
    let mut user = db.prepare(
        "INSERT INTO users (id, name, email, revision, changed, sample, email_key, name_key) \
         VALUES (?1, ?2, ?3, ?4, 0, 0, ?3, ?5)",
    )?;
    let mut change = db.prepare(
        "INSERT INTO changes (revision, kind, user, changed, name, email, sample, in_bin) \
         VALUES (?1, 1, ?2, 0, ?3, ?4, 0, 0)",
    )?;
    let mut directory = db.prepare("UPDATE directory SET last_id = ?1, revision = ?2")?;
    for group in 0..WRITES / CLIENTS {
        db.execute_batch("BEGIN IMMEDIATE")?;
        for number in group * CLIENTS..(group + 1) * CLIENTS {
            (id, revision) = (id + 1, revision + 1);
            let email = email(run, number);
            let name = "Olívia Writer";
            user.execute(params![id, name, email, revision, "olivia writer"])?;
            change.execute(params![revision, id, name, email])?;
        }
        directory.execute(params![id, revision])?;
        db.execute_batch("COMMIT")?;
    }
    Ok(f64::from(WRITES) / began.elapsed().as_secs_f64())
}
