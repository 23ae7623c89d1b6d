//! The server is killed while users are written and watched: watchers have only seen changes that
//! are on disk, and no acknowledged change is lost.

use std::sync::Arc;

use frontdesk::user::{
    CreateUserRequest, ListChangesRequest, UserEvent, UserResponse, user_event::Kind,
};
use futures_util::StreamExt as _;
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use tokio::{
    sync::{Barrier, mpsc},
    task::JoinSet,
};

use super::{INITIAL, next_event, watch, watch_from};
use crate::helpers::{ServerProcess, Users, random_seed, serve_command};

const KILLS: u64 = 6;
const WATCHERS: usize = 8;
const WRITERS: usize = 8;

/// The changes that a watcher has received.
type Events = Vec<UserEvent>;

/// Watches from the last seen revision until the server is killed.
async fn follow(mut users: Users, mut seen: Events, all_started: Arc<Barrier>) -> Events {
    let position = seen.last().map_or(INITIAL, |event| event.revision);
    let mut watch = watch(&mut users, watch_from(position)).await;
    all_started.wait().await;
    while let Ok(event) = next_event(&mut watch).await {
        let position = seen.last().map_or(INITIAL, |event| event.revision);
        if event.kind() == Kind::Bookmark {
            assert_eq!(event.revision, position);
        } else {
            assert_eq!(
                event.revision,
                position + 1,
                "lost, duplicated or out of order"
            );
            seen.push(event);
        }
    }
    seen
}

/// Creates users until the server is killed; sends every acknowledged one.
async fn write(
    mut users: Users,
    writer: String,
    acknowledged: mpsc::UnboundedSender<UserResponse>,
    all_started: Arc<Barrier>,
) {
    all_started.wait().await;
    for number in 0.. {
        let request = CreateUserRequest {
            name: "Ada".into(),
            email: format!("{writer}.{number}@example.org"),
            ..CreateUserRequest::default()
        };
        match users.create_user(request).await {
            Ok(created) => _ = acknowledged.send(created.into_inner()),
            Err(_) => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watchers_of_a_killed_server_see_exactly_the_changes_on_disk() {
    let mut random = ChaCha8Rng::seed_from_u64(random_seed());
    let data = tempfile::tempdir().expect("temporary directory");
    let start = || ServerProcess::start(&mut serve_command(data.path()));
    let mut replicas = vec![Events::new(); WATCHERS];
    let mut acknowledged = Vec::new();
    for kill in 0..KILLS {
        let server = start();
        let all_started = Arc::new(Barrier::new(WATCHERS + WRITERS));
        let mut watching = JoinSet::new();
        for seen in replicas.drain(..) {
            let users = server.users().await;
            watching.spawn(follow(users, seen, Arc::clone(&all_started)));
        }
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let mut writing = JoinSet::new();
        for writer in 0..WRITERS {
            let writer = format!("{kill}.{writer}");
            let all_started = Arc::clone(&all_started);
            writing.spawn(write(
                server.users().await,
                writer,
                sender.clone(),
                all_started,
            ));
        }
        drop(sender);
        for _ in 0..random.random_range(1..200) {
            acknowledged.extend(receiver.recv().await);
        }
        // SIGKILL.
        drop(server);
        writing.join_all().await;
        while let Ok(created) = receiver.try_recv() {
            acknowledged.push(created);
        }
        replicas = watching.join_all().await;
    }

    let server = start();
    let mut users = server.users().await;
    let log = users.list_changes(ListChangesRequest::default()).await;
    let log = log.expect("change log").into_inner();
    let mut log: Vec<_> = log.map(|event| event.expect("event")).collect().await;
    log.reverse();
    let log: Events = log
        .into_iter()
        .filter(|event| event.revision > INITIAL)
        .collect();
    for mut seen in replicas {
        // The last changes may not have reached the watcher; all others are on disk unchanged.
        assert!(log.starts_with(&seen), "a different history");
        let position = seen.last().map_or(INITIAL, |event| event.revision);
        let mut missed = watch(&mut users, watch_from(position)).await;
        while seen.len() < log.len() {
            seen.push(next_event(&mut missed).await.expect("event"));
        }
        assert!(seen == log);
    }
    for created in acknowledged {
        let found = log
            .iter()
            .any(|event| event.user.as_ref() == Some(&created));
        assert!(found, "{created:?} was acknowledged");
    }
}
