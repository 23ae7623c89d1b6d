//! Ten thousand watchers: their memory, and the delay of a change.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use frontdesk::user::{CreateUserRequest, UserEvent, WatchUsersRequest, user_event};
use tokio::{sync::mpsc, task::JoinSet, time::timeout};
use tonic::Streaming;

use crate::{
    Result,
    report::Row,
    sample_directory::SampleDirectory,
    server_process::{ServerProcess, Users},
    statistics::{median, percentile},
};

const CONNECTIONS: u32 = 100;
const STREAMS: u32 = 100;
const EVENTS: usize = 20;
const TIME_TARGET: f64 = 250.0;
const MEMORY_TARGET: f64 = 25.0;
const FLAGS: [&str; 6] = [
    "--max-calls",
    "12000",
    "--max-client-calls",
    "12000",
    "--bookmark-interval",
    "600",
];
const EVENT_TIMEOUT: Duration = Duration::from_mins(1);

pub(super) async fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(2_000)?;
    let server = ServerProcess::start_with(directory.folder(), &FLAGS)?;
    let mut writer = server.users().await?;
    create(&mut writer, 0).await?;

    let before = server.memory()?;
    let (delay_sender, mut delays) = mpsc::unbounded_channel();
    let mut watching = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let users = server.users().await?;
        for _ in 0..STREAMS {
            let mut watch = watch(users.clone()).await?;
            let delays = delay_sender.clone();
            watching.spawn(async move {
                while let Ok(Some(event)) = watch.message().await {
                    if delays.send(delay_ms(&event)).is_err() {
                        return;
                    }
                }
            });
        }
    }
    let watchers = CONNECTIONS * STREAMS;
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let grown = server.memory()?.saturating_sub(before) as f64;

    let mut p99s = Vec::new();
    for number in 1..=EVENTS {
        create(&mut writer, number).await?;
        let mut each = Vec::new();
        for _ in 0..watchers {
            let delay = timeout(EVENT_TIMEOUT, delays.recv()).await?;
            each.push(delay.ok_or("all watches have ended")?);
        }
        p99s.push(percentile(each, 0.99));
    }
    watching.abort_all();
    Ok(vec![
        Row::at_most(
            "delay of a change from commit to 10,000 watchers: p99",
            TIME_TARGET,
            median(p99s),
            "ms",
            "100 connections with 100 streams each, read on the same machine",
        ),
        Row::at_most(
            "the same: the server's memory per watcher",
            MEMORY_TARGET,
            grown / f64::from(watchers) / 1_000.0,
            "kB",
            "",
        ),
    ])
}

async fn watch(mut users: Users) -> Result<Streaming<UserEvent>> {
    let request = WatchUsersRequest::default();
    let mut events = users.watch_users(request).await?.into_inner();
    let first = events.message().await?.ok_or("the watch has ended")?;
    assert_eq!(
        first.kind(),
        user_event::Kind::Bookmark,
        "a watch begins with a bookmark"
    );
    Ok(events)
}

/// The time since the event's change was committed, in milliseconds.
fn delay_ms(event: &UserEvent) -> f64 {
    let time = event.change_time.unwrap_or_default();
    let committed = Duration::new(time.seconds.unsigned_abs(), time.nanos.unsigned_abs());
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    now.saturating_sub(committed).as_secs_f64() * 1_000.0
}

async fn create(writer: &mut Users, number: usize) -> Result {
    let request = CreateUserRequest {
        name: "Olívia Watched".to_owned(),
        email: format!("watched{number}@example.org"),
        request_id: String::new(),
    };
    writer.create_user(request).await?;
    Ok(())
}
