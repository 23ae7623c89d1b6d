//! A watcher that falls behind the retained changes.

use std::time::Duration;

use frontdesk::user::{
    ListUsersRequest, WatchUsersRequest, user_event::Kind, user_service_client::UserServiceClient,
};
use frontdesk_store::RetentionPolicy;
use futures_util::{StreamExt as _, stream};
use tonic::{Code, transport::Endpoint};

use super::{INITIAL, next_change, next_event, wait_until_removed, watch, watch_from};
use crate::helpers::{Server, create_user, delete_user, error_info};

/// 10 MB of changes: far more than the connection buffers and the recent changes in memory hold.
const MANY: i64 = 10_000;
const BATCH: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overtaken_watcher_gets_the_buffered_changes_and_then_out_of_range() {
    let retention = RetentionPolicy {
        max_changes: 10,
        sweep_interval: Some(Duration::from_millis(10)),
        ..RetentionPolicy::default()
    };
    let server = Server::start_with_retention(retention, |_| {}).await;
    let mut users = server.users().await;
    // The smallest window that HTTP/2 starts with.
    let endpoint = Endpoint::from_shared(server.url()).expect("valid address");
    let slow = endpoint.initial_stream_window_size(65_535).connect().await;
    let mut slow = UserServiceClient::new(slow.expect("connected"));
    let from_now = WatchUsersRequest::default();
    let mut stalled = watch(&mut slow, from_now).await;
    let (mut revision, kind, _) = next_change(&mut stalled).await;
    assert_eq!(kind, Kind::Bookmark);

    let name = "👩".repeat(200);
    let changes = stream::iter(0..MANY).map(|number| {
        let (mut users, name) = (users.clone(), &name);
        async move {
            create_user(&mut users, name, &format!("{number}@example.org")).await;
        }
    });
    let all = changes.buffer_unordered(BATCH);
    all.collect::<Vec<()>>().await;
    // Wait for the retention sweep. Recent changes in memory can be watched even afterwards.
    let newest = INITIAL + MANY;
    let removed = newest - MANY / 2;
    wait_until_removed(&mut users, removed).await;

    let status = loop {
        match next_event(&mut stalled).await {
            Ok(event) => {
                assert_eq!(event.revision, revision + 1, "each once, in order");
                revision = event.revision;
            }
            Err(status) => break status,
        }
    };
    assert!(
        revision < removed,
        "the watch was not overtaken: {revision}"
    );
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
    let info = error_info(&status);
    assert_eq!(info.reason, "REVISION_TOO_OLD");
    let oldest: i64 = info.metadata["oldest_revision"].parse().expect("number");
    assert!((removed..=newest).contains(&oldest), "{oldest}");

    // The client lists again and watches from the revision of the list.
    let list = slow.list_users(ListUsersRequest::default()).await;
    let list = list.expect("list");
    let at = list.metadata().get("x-revision").expect("x-revision");
    let at: i64 = at.to_str().expect("UTF-8").parse().expect("number");
    drop(list);
    delete_user(&mut users, 7).await;
    let mut watch = watch(&mut slow, watch_from(at)).await;
    assert_eq!(next_change(&mut watch).await, (at + 1, Kind::Deleted, 7));
}
