//! Users created one by one by many clients, compared to a plain SQLite loop that commits the same
//! groups.

use std::{path::Path, time::Instant};

use frontdesk::{
    greeter::{HelloRequest, greeter_client::GreeterClient},
    user::{CreateUserRequest, user_service_client::UserServiceClient},
};
use rusqlite::{Connection, params};
use tokio::task::JoinSet;
use tonic::{
    Status,
    transport::{Channel, Endpoint},
};

use crate::{
    Result,
    report::{Row, format_number},
    sample_directory::SampleDirectory,
    server_process::ServerProcess,
    statistics::median,
};

const CLIENTS: u32 = 64;
const WRITES_PER_CLIENT: u32 = 500;
const WRITES: u32 = CLIENTS * WRITES_PER_CLIENT;
const RUNS: u32 = 5;
const TARGET: f64 = 10_000.0;
const RATIO_TARGET: f64 = 0.8;
const NAME: &str = "Olívia Writer";

pub(super) async fn measure() -> Result<Vec<Row>> {
    let (ours, plain) = (
        SampleDirectory::create(2_000)?,
        SampleDirectory::create(2_000)?,
    );
    let server = ServerProcess::start(ours.folder())?;
    let (mut written, mut looped, mut greeted) = (Vec::new(), Vec::new(), Vec::new());
    let (mut groups, mut ratios) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let before = revision(&ours.database())?;
        let write = by_all_clients(&server.origin, move |channel, number| {
            create(channel, run, number)
        });
        let write = write.await?;
        let sizes = groups_since(&ours.database(), before)?;
        let plain = plain_loop(&plain.database(), run, &sizes)?;
        let greet = by_all_clients(&server.origin, greet).await?;
        // The first run is a warm-up.
        if run > 0 {
            ratios.push(write / plain);
            written.push(write);
            looped.push(plain);
            greeted.push(greet);
            groups.push(f64::from(WRITES) / f64::from(u32::try_from(sizes.len())?));
        }
    }
    let [written, looped, greeted] = [written, looped, greeted].map(median);
    let ratio = median(ratios);
    Ok(vec![
        Row::at_least(
            "`CreateUser` by 64 concurrent clients, acknowledged when it is on disk",
            TARGET,
            written,
            "per second",
            &format!("{} per commit", format_number(median(groups))),
        ),
        Row::at_least(
            "the same, relative to a plain rusqlite loop that commits the same rows in the same groups",
            RATIO_TARGET,
            ratio,
            "",
            &format!(
                "{} vs. {} per second",
                format_number(written),
                format_number(looped)
            ),
        ),
        Row::info(
            "`SayHello` by the same clients",
            greeted,
            "per second",
            &format!(
                "so a write takes {} µs for the call and {} µs for the directory; the plain loop takes {} µs",
                format_number(micros(greeted)),
                format_number(micros(written) - micros(greeted)),
                format_number(micros(looped))
            ),
        ),
    ])
}

/// The time of one call in microseconds.
fn micros(rate: f64) -> f64 {
    1_000_000.0 / rate
}

/// Unique to each number of a run, and not in alphabetical order.
fn email(run: u32, number: u32) -> String {
    // A step that is coprime to the number of writes visits each position once.
    let position = u64::from(number) * 618_033 % u64::from(WRITES);
    format!("writer{run}.{position}@example.org")
}

async fn create(channel: Channel, run: u32, number: u32) -> Result<(), Status> {
    let request = CreateUserRequest {
        name: NAME.to_owned(),
        email: email(run, number),
        request_id: String::new(),
    };
    let mut users = UserServiceClient::new(channel);
    users.create_user(request).await.map(drop)
}

async fn greet(channel: Channel, _: u32) -> Result<(), Status> {
    let name = NAME.to_owned();
    let mut greeter = GreeterClient::new(channel);
    greeter.say_hello(HelloRequest { name }).await.map(drop)
}

/// Each client makes sequential calls over its own connection; returns the calls per second.
async fn by_all_clients<F>(
    origin: &str,
    call: impl Fn(Channel, u32) -> F + Clone + Send + 'static,
) -> Result<f64>
where
    F: Future<Output = Result<(), Status>> + Send + 'static,
{
    let mut channels = Vec::new();
    for _ in 0..CLIENTS {
        channels.push(Endpoint::from_shared(origin.to_owned())?.connect().await?);
    }
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for (client, channel) in (0..CLIENTS).zip(channels) {
        let call = call.clone();
        tasks.spawn(async move {
            for round in 0..WRITES_PER_CLIENT {
                call(channel.clone(), round * CLIENTS + client).await?;
            }
            Ok::<_, Status>(())
        });
    }
    while let Some(client) = tasks.join_next().await {
        client??;
    }
    Ok(f64::from(WRITES) / start.elapsed().as_secs_f64())
}

fn revision(database: &Path) -> Result<i64> {
    let db = Connection::open(database)?;
    Ok(db.query_row("SELECT revision FROM directory", [], |row| row.get(0))?)
}

/// The number of changes in each commit since `revision`. Changes of one commit have the same time;
/// two commits in one millisecond count as one, in favor of the plain loop.
fn groups_since(database: &Path, revision: i64) -> Result<Vec<u32>> {
    let db = Connection::open(database)?;
    let mut groups =
        db.prepare("SELECT count(*) FROM change_log WHERE revision > ?1 GROUP BY update_time")?;
    let sizes = groups.query_map([revision], |row| row.get(0))?;
    Ok(sizes.collect::<Result<_, _>>()?)
}

/// Writes the same rows directly into the same tables, in groups of these sizes. Returns the rows
/// per second.
fn plain_loop(database: &Path, run: u32, groups: &[u32]) -> Result<f64> {
    let db = Connection::open(database)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    let (mut id, mut revision): (i64, i64) =
        db.query_row("SELECT last_id, revision FROM directory", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let start = Instant::now();
    let mut user = db.prepare(
        "INSERT INTO users (id, name, email, revision, update_time, sample, email_key, name_key) \
         VALUES (?1, ?2, ?3, ?4, 0, 0, ?3, ?5)",
    )?;
    let mut change = db.prepare(
        "INSERT INTO change_log \
         (revision, kind, user_id, update_time, name, email, sample, in_trash) \
         VALUES (?1, 1, ?2, 0, ?3, ?4, 0, 0)",
    )?;
    let mut directory = db.prepare("UPDATE directory SET last_id = ?1, revision = ?2")?;
    let mut numbers = 0..WRITES;
    for &size in groups {
        db.execute_batch("BEGIN IMMEDIATE")?;
        for number in numbers.by_ref().take(usize::try_from(size)?) {
            (id, revision) = (id + 1, revision + 1);
            let email = email(run, number);
            user.execute(params![id, NAME, email, revision, "olivia writer"])?;
            change.execute(params![revision, id, NAME, email])?;
        }
        directory.execute(params![id, revision])?;
        db.execute_batch("COMMIT")?;
    }
    Ok(f64::from(WRITES) / start.elapsed().as_secs_f64())
}
