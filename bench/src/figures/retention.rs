//! Single writes while the retention sweep removes a million changes from the change log.

use std::time::Instant;

use frontdesk::user::CreateUserRequest;
use rusqlite::{Connection, OpenFlags};

use crate::{
    Result,
    report::{Row, format_number},
    sample_directory::SampleDirectory,
    server_process::{ServerProcess, Users},
    statistics::percentile,
};

const USERS: u32 = 1_000_000;
/// The sweep's limit; the measurement ends when the change log is near it.
const MAX_CHANGES: i64 = 1_000;
const END: i64 = 20_000;
const TARGET: f64 = 50.0;

pub(super) async fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    let max_changes = MAX_CHANGES.to_string();
    let server = ServerProcess::start_with(
        directory.folder(),
        &["--change-log-max-changes", &max_changes],
    )?;
    let mut users = server.users().await?;
    let db = Connection::open_with_flags(directory.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // Warm-up: waits until the search index is loaded.
    write(&mut users, 0).await?;
    let before = change_log_length(&db)?;
    let mut times = Vec::new();
    let start = Instant::now();
    while change_log_length(&db)? > END {
        for _ in 0..50 {
            times.push(write(&mut users, times.len() + 1).await?);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let (count, p50, p99) = (
        times.len(),
        percentile(times.clone(), 0.5),
        percentile(times.clone(), 0.99),
    );
    let slowest = percentile(times, 1.0);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let (removed, count) = ((before - END) as f64, count as f64);
    Ok(vec![Row::at_most(
        "a write while a million changes are removed from the change log: slowest",
        TARGET,
        slowest,
        "ms",
        &format!(
            "of {}; p50 {}, p99 {}; {} changes removed per second",
            format_number(count),
            format_number(p50),
            format_number(p99),
            format_number(removed / seconds)
        ),
    )])
}

fn change_log_length(db: &Connection) -> Result<i64> {
    let sql = "SELECT revision - oldest_revision + 1 FROM directory";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

/// Returns the time in milliseconds.
async fn write(users: &mut Users, number: usize) -> Result<f64> {
    let request = CreateUserRequest {
        name: "Olívia Writer".to_owned(),
        email: format!("retention{number}@example.org"),
        request_id: String::new(),
    };
    let start = Instant::now();
    users.create_user(request).await?;
    Ok(start.elapsed().as_secs_f64() * 1_000.0)
}
