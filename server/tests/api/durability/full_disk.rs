//! A full disk: reads continue, writes are rejected, and writes continue once there is space.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use frontdesk::user::{ListUsersRequest, UserResponse, WatchUsersRequest, user_event::Kind};
use tokio::task::JoinSet;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use super::importer::Importer;
use crate::helpers::{ServerProcess, frontdesk, list_all_users, long_user, user_by_id};

/// A file that fills most of the disk until it is removed.
const BALLAST: &str = "ballast";

/// A server whose data directory is a tmpfs of 24 MiB with 16 MiB of ballast; `None` if the system does
/// not permit user namespaces.
fn start_on_small_disk(folder: &Path) -> Option<ServerProcess> {
    let unshare = |command: &str| {
        let mut unshared = Command::new("unshare");
        unshared.args(["--user", "--map-root-user", "--mount", "sh", "-ec", command]);
        unshared
    };
    let mount = "mount -t tmpfs -o size=24m tmpfs \"$0\"";
    let supported = unshare(mount).arg(folder).stderr(Stdio::null()).status();
    if !supported.is_ok_and(|status| status.success()) {
        return None;
    }
    let ballast = format!("head -c 16777216 /dev/zero > \"$0/{BALLAST}\"");
    let serve = "exec \"$1\" --listen 127.0.0.1:0 --log error --data \"$0\"";
    let binary = frontdesk();
    let mut command = unshare(&format!("{mount}\n{ballast}\n{serve}"));
    command.arg(folder).arg(binary.get_program());
    for (name, value) in binary.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Some(ServerProcess::start(&mut command))
}

fn assert_disk_full(status: &Status) {
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    let details = status.get_error_details();
    let retry = details.retry_info().and_then(|info| info.retry_delay);
    assert!(retry.is_some(), "{status:?}");
}

/// Creates users with 64 clients until each is rejected; returns the created users.
async fn create_until_full(server: &ServerProcess) -> Vec<UserResponse> {
    let mut tasks = JoinSet::new();
    for client in 0..64 {
        let mut users = server.users().await;
        tasks.spawn(async move {
            let mut created = Vec::new();
            for number in 0.. {
                let number = client * 1_000_000 + number;
                let request = long_user(number, format!("full.{number}"));
                match users.create_user(request).await {
                    Ok(user) => created.push(user.into_inner()),
                    Err(status) => {
                        assert_disk_full(&status);
                        break;
                    }
                }
            }
            created
        });
    }
    tasks.join_all().await.concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_rejects_writes_and_serves_reads_until_there_is_space() {
    let folder = tempfile::tempdir().expect("temporary directory");
    let Some(server) = start_on_small_disk(folder.path()) else {
        // In containers, for example. `statuses::server` tests a full database without a small disk.
        eprintln!("skipped: `unshare --user --mount` is not permitted");
        return;
    };
    let mut users = server.users().await;
    let from_the_beginning = WatchUsersRequest {
        from_revision: Some(0),
        ..WatchUsersRequest::default()
    };
    let watch = users.watch_users(from_the_beginning).await;
    let mut watch = watch.expect("watch").into_inner();

    let mut importer = Importer::new("full");
    let end = importer.import(&mut users, None).await;
    assert_disk_full(&end.expect("import interrupted"));
    let acknowledged = importer.acknowledged;
    assert!(acknowledged > 0, "no batch was acknowledged");
    let mut created = create_until_full(&server).await;

    let another = long_user(usize::MAX, "another".into());
    let rejected = users.create_user(another.clone()).await;
    assert_disk_full(&rejected.expect_err("full disk"));
    let all = list_all_users(&mut users).await;
    importer.assert_contained_in(&all);
    for user in &created {
        assert_eq!(all.get(&user.id), Some(user));
    }
    assert_eq!(user_by_id(&mut users, 1).await.name, "John Doe");
    let search = ListUsersRequest {
        query: "john doe".to_owned(),
        page: 1,
        ..ListUsersRequest::default()
    };
    let mut found = users.list_users(search).await.expect("list").into_inner();
    assert_eq!(
        found.message().await.expect("user").map(|user| user.id),
        Some(1)
    );

    // The mount is only visible in the server's namespace.
    let root = format!("/proc/{}/root", server.id());
    let ballast = Path::new(&root).join(folder.path().strip_prefix("/").expect("absolute path"));
    fs::remove_file(ballast.join(BALLAST)).expect("ballast removed");

    // The rejection of the same request was not stored.
    let user = users.create_user(another).await.expect("space available");
    created.push(user.into_inner());
    let end = importer.import(&mut users, Some(3)).await;
    assert_eq!(end.map(|status| status.code()), None);
    assert_eq!(
        importer.acknowledged,
        acknowledged + 3,
        "the import resumes"
    );

    let all = list_all_users(&mut users).await;
    importer.assert_contained_in(&all);
    for user in &created {
        assert_eq!(all.get(&user.id), Some(user));
    }
    let newest = all.values().map(|user| user.revision).max();
    let newest = newest.expect("at least one user");
    let mut replica = HashMap::new();
    let mut revision = 0;
    while revision < newest {
        let event = watch.message().await.expect("event").expect("open stream");
        if event.kind() == Kind::Bookmark {
            continue;
        }
        assert_eq!(event.revision, revision + 1, "each once, in order");
        revision = event.revision;
        let user = event.user.expect("user");
        replica.insert(user.id, user);
    }
    assert_eq!(replica, all, "the watch missed a change");
}
