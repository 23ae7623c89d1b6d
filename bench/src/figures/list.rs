//! `ListUsers` of a million users: throughput and memory.

use std::{hint::black_box, path::Path, time::Instant};

use frontdesk::user::{ListUsersRequest, UserResponse};
use prost_types::Timestamp;
use rusqlite::{Connection, OpenFlags};

use crate::{
    Result,
    report::{Row, format_number},
    sample_directory::SampleDirectory,
    server_process::{ServerProcess, Users},
    statistics::{mebibytes, median},
};

const USERS: u32 = 1_000_000;
const RUNS: usize = 5;
const TARGET: f64 = 0.5;
const MEMORY_TARGET: f64 = 32.0;

pub(super) async fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    let server = ServerProcess::start(directory.folder())?;
    let mut client = server.users().await?;

    // Loads the search index, whose memory is not part of this figure.
    let search = ListUsersRequest {
        page: 1,
        query: "ada".to_owned(),
        ..ListUsersRequest::default()
    };
    client.list_users(search).await?;
    // The first list reads from the disk: it counts for the memory only.
    server.reset_peak_memory()?;
    let before = server.memory()?;
    let (mut streamed, mut looped) = (Vec::new(), Vec::new());
    stream(&mut client).await?;
    plain_loop(&directory.database())?;
    for _ in 0..RUNS {
        streamed.push(rate(stream(&mut client).await?));
        looped.push(rate(plain_loop(&directory.database())?));
    }
    let grown = mebibytes(server.peak_memory()?.saturating_sub(before));

    let (streamed, looped) = (median(streamed), median(looped));
    let detail = format!(
        "{} vs. {} rows per second",
        format_number(streamed),
        format_number(looped)
    );
    Ok(vec![
        Row::at_least(
            "`ListUsers`, a million users, native client: rows per second, relative to a plain rusqlite loop",
            TARGET,
            streamed / looped,
            "",
            &detail,
        ),
        Row::at_most(
            "the same: growth of the server's memory",
            MEMORY_TARGET,
            grown,
            "MiB",
            "",
        ),
    ])
}

/// Lists all users; returns the seconds.
async fn stream(client: &mut Users) -> Result<f64> {
    let start = Instant::now();
    let mut users = client
        .list_users(ListUsersRequest::default())
        .await?
        .into_inner();
    let mut count = 0;
    while let Some(user) = users.message().await? {
        black_box(user);
        count += 1;
    }
    assert_eq!(count, USERS, "the list is complete");
    Ok(start.elapsed().as_secs_f64())
}

/// Builds the same messages from the same rows directly; returns the seconds.
fn plain_loop(database: &Path) -> Result<f64> {
    let start = Instant::now();
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
    assert_eq!(count, USERS, "the table is complete");
    Ok(start.elapsed().as_secs_f64())
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
