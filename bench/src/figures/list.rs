//! `ListUsers` of a million users: how fast they come, and what that takes of memory.

use std::{hint::black_box, path::Path, time::Instant};

use frontdesk::user::{ListUsersRequest, UserResponse, user_service_client::UserServiceClient};
use prost_types::Timestamp;
use rusqlite::{Connection, OpenFlags};
use tonic::transport::Endpoint;

use crate::{
    Outcome,
    host::Host,
    people::People,
    report::{Row, number},
    statistics::median,
};

const USERS: u32 = 1_000_000;
const RUNS: usize = 5;
const AIM: f64 = 0.5;
const MEBIBYTE: f64 = 1_048_576.0;
const MEMORY_AIM: f64 = 32.0;

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    let host = Host::frontdesk(people.data())?;
    let channel = Endpoint::from_shared(host.origin.clone())?
        .connect()
        .await?;
    let mut client = UserServiceClient::new(channel);

    // What searches need is there when one is answered, and is not this list's.
    let search = ListUsersRequest {
        page: 1,
        query: "ada".to_owned(),
        ..ListUsersRequest::default()
    };
    client.list_users(search).await?;
    // The first stream counts for the memory, and for nothing else: it reads from the disk.
    host.forget_peak()?;
    let before = host.memory()?;
    let (mut streamed, mut looped) = (Vec::new(), Vec::new());
    stream(&mut client).await?;
    plain_loop(&people.database())?;
    for _ in 0..RUNS {
        streamed.push(rate(stream(&mut client).await?));
        looped.push(rate(plain_loop(&people.database())?));
    }
    let grown = host.peak_memory()?.saturating_sub(before);

    let (streamed, looped) = (median(streamed), median(looped));
    let detail = format!(
        "{} against {} rows a second",
        number(streamed),
        number(looped)
    );
    #[expect(
        clippy::cast_precision_loss,
        reason = "bytes of memory are far fewer than 2^52"
    )]
    let grown = grown as f64 / MEBIBYTE;
    Ok(vec![
        Row::at_least(
            "`ListUsers`, a million users, native client, of a plain rusqlite loop's rows a second",
            AIM,
            streamed / looped,
            "",
            &detail,
        ),
        Row::at_most(
            "what the server's memory grows by for it",
            MEMORY_AIM,
            grown,
            "MiB",
            "",
        ),
    ])
}

type Client = UserServiceClient<tonic::transport::Channel>;

/// Reads everybody over the wire; the seconds it took.
async fn stream(client: &mut Client) -> Outcome<f64> {
    let began = Instant::now();
    let mut users = client
        .list_users(ListUsersRequest::default())
        .await?
        .into_inner();
    let mut count = 0;
    while let Some(user) = users.message().await? {
        black_box(user);
        count += 1;
    }
    assert_eq!(count, USERS, "not everybody came");
    Ok(began.elapsed().as_secs_f64())
}

/// Builds the same messages from the same rows, without anything between; the seconds it took.
fn plain_loop(database: &Path) -> Outcome<f64> {
    let began = Instant::now();
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection
        .prepare("SELECT id, name, email, revision, update_time, sample FROM users ORDER BY id")?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        black_box(UserResponse {
            id: row.get(0)?,
            name: row.get(1)?,
            email: row.get(2)?,
            revision: row.get(3)?,
            update_time: Some(timestamp(row.get(4)?)),
            sample: row.get(5)?,
            ..UserResponse::default()
        });
        count += 1;
    }
    assert_eq!(count, USERS, "not everybody is there");
    Ok(began.elapsed().as_secs_f64())
}

fn timestamp(ms: i64) -> Timestamp {
    Timestamp {
        seconds: ms / 1_000,
        nanos: i32::try_from(ms % 1_000 * 1_000_000).unwrap_or_default(),
    }
}

fn rate(seconds: f64) -> f64 {
    f64::from(USERS) / seconds
}
