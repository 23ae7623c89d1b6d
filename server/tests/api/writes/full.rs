//! A disk that is full: reads go on, writes are refused, and all is well when there is room.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use frontdesk::user::{
    CreateUserRequest, ListUsersRequest, UserRequest, UserResponse, WatchUsersRequest,
    user_event::Kind, user_service_client::UserServiceClient,
};
use tokio::task::JoinSet;
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt as _;

use super::{importer::Importer, model::everybody};
use crate::helpers::{Open, frontdesk};

/// What lies on the disk besides the directory, until room is made.
const BALLAST: &str = "ballast";

/// A server whose folder is a disk of 24 MiB that is its own, with 16 of them taken; nothing where the
/// system lets nobody make one.
fn on_a_small_disk(folder: &Path) -> Option<Open> {
    let apart = |command: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "--mount", "sh", "-ec", command]);
        unshare
    };
    let mount = "mount -t tmpfs -o size=24m tmpfs \"$0\"";
    let tried = apart(mount).arg(folder).stderr(Stdio::null()).status();
    if !tried.is_ok_and(|status| status.success()) {
        return None;
    }
    let ballast = format!("head -c 16777216 /dev/zero > \"$0/{BALLAST}\"");
    let serve = "exec \"$1\" --listen 127.0.0.1:0 --log error --data \"$0\"";
    let binary = frontdesk();
    let mut command = apart(&format!("{mount}\n{ballast}\n{serve}"));
    command.arg(folder).arg(binary.get_program());
    for (name, value) in binary.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Some(Open::start(&mut command))
}

async fn client(open: &Open) -> UserServiceClient<Channel> {
    let endpoint = Endpoint::from_shared(open.url.clone()).expect("an address");
    UserServiceClient::new(endpoint.connect().await.expect("a connection"))
}

fn somebody(number: usize) -> CreateUserRequest {
    CreateUserRequest {
        name: "n".repeat(200),
        email: format!("{number}@{}.example.org", "e".repeat(60)),
        request_id: format!("full.{number}"),
    }
}

fn assert_is_full(status: &Status) {
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    let details = status.get_error_details();
    let retry = details.retry_info().and_then(|info| info.retry_delay);
    assert!(retry.is_some(), "waiting helps: {status:?}");
}

/// Creates users from sixty-four clients at once, until the first of each is refused; who was made.
async fn create_until_full(open: &Open) -> Vec<UserResponse> {
    let mut all = JoinSet::new();
    for client_number in 0..64 {
        let mut users = client(open).await;
        all.spawn(async move {
            let mut made = Vec::new();
            for number in 0.. {
                let request = somebody(client_number * 1_000_000 + number);
                match users.create_user(request).await {
                    Ok(user) => made.push(user.into_inner()),
                    Err(status) => {
                        assert_is_full(&status);
                        break;
                    }
                }
            }
            made
        });
    }
    all.join_all().await.concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_reads_go_on_and_with_room_writes_do_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(server) = on_a_small_disk(folder.path()) else {
        // A container, or a system without namespaces. The other test of a full database needs none.
        eprintln!("not tested: `unshare --user --mount` is not allowed here");
        return;
    };
    let mut users = client(&server).await;
    let from_the_beginning = WatchUsersRequest {
        from_revision: Some(0),
        ..WatchUsersRequest::default()
    };
    let watch = users.watch_users(from_the_beginning).await;
    let mut watch = watch.expect("a watch").into_inner();

    let mut importer = Importer::new("full");
    let end = importer.import(&mut users, None).await;
    assert_is_full(&end.expect("it has no end of its own"));
    let answered = importer.answered;
    assert!(answered > 0, "the disk is not that small");
    let mut made = create_until_full(&server).await;

    // Nothing can be written, and everything read.
    let another = somebody(usize::MAX);
    let refused = users.create_user(another.clone()).await;
    assert_is_full(&refused.expect_err("no room"));
    let there = everybody(&mut users).await;
    importer.assert_there(&there);
    for user in &made {
        assert_eq!(there.get(&user.id), Some(user));
    }
    let john = users.get_user(UserRequest { id: 1 }).await;
    assert_eq!(john.expect("he is there").into_inner().name, "John Doe");
    let search = ListUsersRequest {
        query: "john doe".to_owned(),
        page: 1,
        ..ListUsersRequest::default()
    };
    let mut found = users.list_users(search).await.expect("a list").into_inner();
    assert_eq!(
        found.message().await.expect("John").map(|user| user.id),
        Some(1)
    );

    // As the server sees its disk.
    let root = format!("/proc/{}/root", server.id());
    let ballast = Path::new(&root).join(folder.path().strip_prefix("/").expect("absolute"));
    fs::remove_file(ballast.join(BALLAST)).expect("room is made");

    // The same request: it was not remembered as refused.
    let user = users.create_user(another).await.expect("there is room");
    made.push(user.into_inner());
    let end = importer.import(&mut users, Some(3)).await;
    assert_eq!(end.map(|status| status.code()), None);
    assert_eq!(importer.answered, answered + 3, "it goes on where it was");

    let there = everybody(&mut users).await;
    importer.assert_there(&there);
    for user in &made {
        assert_eq!(there.get(&user.id), Some(user));
    }
    let newest = there.values().map(|user| user.revision).max();
    let newest = newest.expect("somebody is there");
    let mut replica = HashMap::new();
    let mut revision = 0;
    while revision < newest {
        let event = watch.message().await.expect("no error").expect("no end");
        if event.kind() == Kind::Bookmark {
            continue;
        }
        assert_eq!(event.revision, revision + 1, "each once, in order");
        revision = event.revision;
        let user = event.user.expect("a user");
        replica.insert(user.id, user);
    }
    assert_eq!(replica, there, "who watched missed nothing");
}
