//! Ten thousand who watch the directory: what they cost, and how soon they are told.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use frontdesk::user::{
    CreateUserRequest, UserEvent, WatchUsersRequest, user_event,
    user_service_client::UserServiceClient,
};
use tokio::{sync::mpsc, task::JoinSet, time::timeout};
use tonic::{
    Streaming,
    transport::{Channel, Endpoint},
};

use crate::{
    Outcome,
    host::Host,
    people::People,
    report::Row,
    statistics::{at, median},
};

const CONNECTIONS: u32 = 100;
const STREAMS: u32 = 100;
const EVENTS: usize = 20;
const TIME_AIM: f64 = 250.0;
const MEMORY_AIM: f64 = 25.0;
const FLAGS: [&str; 6] = [
    "--max-calls",
    "12000",
    "--max-client-calls",
    "12000",
    "--bookmark-interval",
    "600",
];
/// Longer than any of it may take.
const IN_TIME: Duration = Duration::from_mins(1);

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(2_000)?;
    let host = Host::frontdesk_with(people.data(), &FLAGS)?;
    let channel = Endpoint::from_shared(host.origin.clone())?
        .connect()
        .await?;
    let mut writer = UserServiceClient::new(channel);
    create(&mut writer, 0).await?;

    let before = host.memory()?;
    let (told, mut times) = mpsc::unbounded_channel();
    let mut watching = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let channel = Endpoint::from_shared(host.origin.clone())?
            .connect()
            .await?;
        for _ in 0..STREAMS {
            let mut watch = watch(channel.clone()).await?;
            let told = told.clone();
            watching.spawn(async move {
                while let Ok(Some(event)) = watch.message().await {
                    if told.send(late(&event)).is_err() {
                        return;
                    }
                }
            });
        }
    }
    let watchers = CONNECTIONS * STREAMS;
    #[expect(
        clippy::cast_precision_loss,
        reason = "bytes of memory are far fewer than 2^52"
    )]
    let grown = host.memory()?.saturating_sub(before) as f64;

    let mut worst = Vec::new();
    for number in 1..=EVENTS {
        create(&mut writer, number).await?;
        let mut each = Vec::new();
        for _ in 0..watchers {
            let time = timeout(IN_TIME, times.recv()).await?;
            each.push(time.ok_or("nobody watches any more")?);
        }
        worst.push(at(each, 0.99));
    }
    watching.abort_all();
    Ok(vec![
        Row::at_most(
            "a change told to 10,000 who watch, from its commit: the last but 1 % of them",
            TIME_AIM,
            median(worst),
            "ms",
            "100 connections of 100 streams, which the same machine reads",
        ),
        Row::at_most(
            "the server's memory for each of them",
            MEMORY_AIM,
            grown / f64::from(watchers) / 1_000.0,
            "kB",
            "",
        ),
    ])
}

async fn watch(channel: Channel) -> Outcome<Streaming<UserEvent>> {
    let request = WatchUsersRequest::default();
    let mut events = UserServiceClient::new(channel)
        .watch_users(request)
        .await?
        .into_inner();
    let first = events.message().await?.ok_or("a watch has no end")?;
    assert_eq!(first.kind(), user_event::Kind::Bookmark, "from where");
    Ok(events)
}

/// How many milliseconds ago the event's change was made.
fn late(event: &UserEvent) -> f64 {
    let time = event.change_time.unwrap_or_default();
    let made = Duration::new(time.seconds.unsigned_abs(), time.nanos.unsigned_abs());
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    now.saturating_sub(made).as_secs_f64() * 1_000.0
}

async fn create(writer: &mut UserServiceClient<Channel>, number: usize) -> Outcome {
    let request = CreateUserRequest {
        name: "Olívia Watched".to_owned(),
        email: format!("watched{number}@example.org"),
        request_id: String::new(),
    };
    writer.create_user(request).await?;
    Ok(())
}
