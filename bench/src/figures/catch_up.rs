//! A watcher that has missed a million changes.

use std::{hint::black_box, time::Instant};

use frontdesk::user::{WatchUsersRequest, user_event::Kind};

use crate::{
    Result,
    report::Row,
    sample_directory::SampleDirectory,
    server_process::{ServerProcess, Users},
    statistics::median,
};

const CHANGES: u32 = 1_000_000;
const RUNS: usize = 5;
const TARGET: f64 = 300_000.0;

pub(super) async fn measure() -> Result<Vec<Row>> {
    // Each user is one change.
    let directory = SampleDirectory::create(CHANGES)?;
    let server = ServerProcess::start(directory.folder())?;
    let mut client = server.users().await?;
    // Warm-up: reads from the disk.
    catch_up(&mut client).await?;
    let mut rates = Vec::new();
    for _ in 0..RUNS {
        rates.push(f64::from(CHANGES) / catch_up(&mut client).await?);
    }
    Ok(vec![Row::at_least(
        "`WatchUsers` from the first of a million changes, native client",
        TARGET,
        median(rates),
        "events per second",
        "",
    )])
}

/// Returns the seconds until all changes have been received.
async fn catch_up(client: &mut Users) -> Result<f64> {
    let request = WatchUsersRequest {
        from_revision: Some(0),
        ..WatchUsersRequest::default()
    };
    let start = Instant::now();
    let mut events = client.watch_users(request).await?.into_inner();
    let mut count = 0;
    while let Some(event) = events.message().await? {
        if event.kind() == Kind::Bookmark {
            break;
        }
        black_box(event);
        count += 1;
    }
    assert_eq!(count, CHANGES, "each change is received once");
    Ok(start.elapsed().as_secs_f64())
}
