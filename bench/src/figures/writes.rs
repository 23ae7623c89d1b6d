//! Users created one by one by many clients, against a plain loop that groups them alike.

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
    Outcome,
    host::Host,
    people::People,
    report::{Row, number},
    statistics::median,
};

const CLIENTS: u32 = 64;
const EACH: u32 = 500;
const WRITES: u32 = CLIENTS * EACH;
const RUNS: u32 = 5;
const AIM: f64 = 10_000.0;
const RATIO_AIM: f64 = 0.8;
const NAME: &str = "Olívia Writer";

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let (ours, plain) = (People::seeded(2_000)?, People::seeded(2_000)?);
    let host = Host::frontdesk(ours.data())?;
    let (mut written, mut looped, mut greeted) = (Vec::new(), Vec::new(), Vec::new());
    let (mut groups, mut ratios) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let before = revision(&ours.database())?;
        let write = by_clients(&host.origin, move |channel, number| {
            create(channel, run, number)
        });
        let write = write.await?;
        let sizes = groups_since(&ours.database(), before)?;
        let plain = plain_loop(&plain.database(), run, &sizes)?;
        let greet = by_clients(&host.origin, greet).await?;
        // The first of each does not count.
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
            "`CreateUser`, 64 clients at once, each answered when it is on disk",
            AIM,
            written,
            "a second",
            &format!("{} to a commit", number(median(groups))),
        ),
        Row::at_least(
            "the same, of a plain rusqlite loop that commits the same rows in groups as large",
            RATIO_AIM,
            ratio,
            "",
            &format!("{} a second against {}", number(written), number(looped)),
        ),
        Row::told(
            "`SayHello` by the same clients, which writes nothing",
            greeted,
            "a second",
            &format!(
                "so {} µs of a write are the call, {} the directory, where the plain loop takes {}",
                number(micros(greeted)),
                number(micros(written) - micros(greeted)),
                number(micros(looped))
            ),
        ),
    ])
}

/// How long one takes, of so many a second.
fn micros(rate: f64) -> f64 {
    1_000_000.0 / rate
}

/// Another for each number of a run, and in no order, as people come.
fn email(run: u32, number: u32) -> String {
    // A step that has no divisor in common with their count visits each of them once.
    let place = u64::from(number) * 618_033 % u64::from(WRITES);
    format!("writer{run}.{place}@example.org")
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

/// Has each client, over a connection of its own, make one call after the other; how many a second.
async fn by_clients<F>(
    origin: &str,
    call: impl Fn(Channel, u32) -> F + Clone + Send + 'static,
) -> Outcome<f64>
where
    F: Future<Output = Result<(), Status>> + Send + 'static,
{
    let mut channels = Vec::new();
    for _ in 0..CLIENTS {
        channels.push(Endpoint::from_shared(origin.to_owned())?.connect().await?);
    }
    let began = Instant::now();
    let mut all = JoinSet::new();
    for (client, channel) in (0..CLIENTS).zip(channels) {
        let call = call.clone();
        all.spawn(async move {
            for turn in 0..EACH {
                call(channel.clone(), turn * CLIENTS + client).await?;
            }
            Ok::<_, Status>(())
        });
    }
    while let Some(client) = all.join_next().await {
        client??;
    }
    Ok(f64::from(WRITES) / began.elapsed().as_secs_f64())
}

fn revision(database: &Path) -> Outcome<i64> {
    let db = Connection::open(database)?;
    Ok(db.query_row("SELECT revision FROM directory", [], |row| row.get(0))?)
}

/// How many changes each commit since that revision made: all of one have the same time. Two in one
/// millisecond count as one, to the plain loop's good.
fn groups_since(database: &Path, revision: i64) -> Outcome<Vec<u32>> {
    let db = Connection::open(database)?;
    let mut groups =
        db.prepare("SELECT count(*) FROM change_log WHERE revision > ?1 GROUP BY update_time")?;
    let sizes = groups.query_map([revision], |row| row.get(0))?;
    Ok(sizes.collect::<Result<_, _>>()?)
}

/// Writes the same rows into the same tables in groups of these sizes, with nothing between.
fn plain_loop(database: &Path, run: u32, groups: &[u32]) -> Outcome<f64> {
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
    Ok(f64::from(WRITES) / began.elapsed().as_secs_f64())
}
