//! Killed without a warning, the server has told nobody of a change that is not on disk, and
//! forgotten none that it answered.

use std::sync::Arc;

use frontdesk::user::ListChangesRequest;
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use tokio::{
    sync::{Barrier, mpsc},
    task::JoinSet,
};

use super::*;
use crate::helpers::{Open, frontdesk};

const KILLS: u64 = 6;
const WATCHERS: usize = 8;
const WRITERS: usize = 8;

/// What a watcher was told: each change with its revision.
type Told = Vec<UserEvent>;

async fn users(url: &str) -> Users {
    let channel = Channel::from_shared(url.to_owned()).expect("an address");
    UserServiceClient::new(channel.connect().await.expect("the server"))
}

/// Watches from where it left off until there is nobody who could tell.
async fn follow(url: String, mut told: Told, all_are_there: Arc<Barrier>) -> Told {
    let position = told.last().map_or(FIRST, |event| event.revision);
    let mut watch = watch(&mut users(&url).await, from(position)).await;
    all_are_there.wait().await;
    while let Ok(event) = next(&mut watch).await {
        let position = told.last().map_or(FIRST, |event| event.revision);
        if event.kind() == Kind::Bookmark {
            assert_eq!(event.revision, position);
        } else {
            assert_eq!(
                event.revision,
                position + 1,
                "lost, doubled or out of order"
            );
            told.push(event);
        }
    }
    told
}

/// Writes until there is nobody who answers; each answer is acknowledged.
async fn write(
    url: String,
    writer: String,
    acknowledged: mpsc::UnboundedSender<UserResponse>,
    all_are_there: Arc<Barrier>,
) {
    let mut users = users(&url).await;
    all_are_there.wait().await;
    for number in 0.. {
        let request = CreateUserRequest {
            name: "Ada".into(),
            email: format!("{writer}.{number}@example.org"),
            ..CreateUserRequest::default()
        };
        match users.create_user(request).await {
            // Nobody counts any more, and the server is about to be killed.
            Ok(created) => _ = acknowledged.send(created.into_inner()),
            Err(_) => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_watches_a_server_that_is_killed_is_told_of_what_is_on_disk_and_of_all_of_it() {
    let seed: u64 = std::env::var("FRONTDESK_SEED").map_or_else(
        |_| rand::random(),
        |seed| seed.parse().expect("FRONTDESK_SEED is a number"),
    );
    // Said where it fails.
    println!("FRONTDESK_SEED={seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let data = tempfile::tempdir().expect("a folder");
    let start = || {
        let mut serve = frontdesk();
        serve
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.path());
        Open::start(&mut serve)
    };
    let mut replicas = vec![Told::new(); WATCHERS];
    let mut acknowledged = Vec::new();
    for kill in 0..KILLS {
        let server = start();
        let all_are_there = Arc::new(Barrier::new(WATCHERS + WRITERS));
        let mut watching = JoinSet::new();
        for told in replicas.drain(..) {
            watching.spawn(follow(server.url.clone(), told, Arc::clone(&all_are_there)));
        }
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let mut writing = JoinSet::new();
        for writer in 0..WRITERS {
            let writer = format!("{kill}.{writer}");
            let all_are_there = Arc::clone(&all_are_there);
            writing.spawn(write(
                server.url.clone(),
                writer,
                sender.clone(),
                all_are_there,
            ));
        }
        drop(sender);
        for _ in 0..random.random_range(1..200) {
            acknowledged.extend(receiver.recv().await);
        }
        // By a signal that nobody can catch.
        drop(server);
        writing.join_all().await;
        while let Ok(created) = receiver.try_recv() {
            acknowledged.push(created);
        }
        replicas = watching.join_all().await;
    }

    let server = start();
    let mut users = users(&server.url).await;
    let record = users.list_changes(ListChangesRequest::default()).await;
    let record = record.expect("the record").into_inner();
    let mut record: Vec<_> = record.map(|event| event.expect("an event")).collect().await;
    record.reverse();
    let record: Told = record
        .into_iter()
        .filter(|event| event.revision > FIRST)
        .collect();
    for told in replicas {
        // What came last may not have reached them; what did is on disk as they know it.
        assert!(record.starts_with(&told), "another history");
        let mut told = told;
        let position = told.last().map_or(FIRST, |event| event.revision);
        let mut rest = watch(&mut users, from(position)).await;
        while told.len() < record.len() {
            told.push(next(&mut rest).await.expect("an event"));
        }
        assert!(told == record);
    }
    for created in acknowledged {
        let there = record
            .iter()
            .any(|event| event.user.as_ref() == Some(&created));
        assert!(there, "{created:?} was acknowledged");
    }
}
