//! Who does not read is overtaken by what is forgotten, and told so over the wire.

use tonic::transport::Endpoint;

use super::*;

/// Far more than what is on its way to somebody holds, and than memory does: 10 MB.
const MANY: i64 = 10_000;
const BATCH: usize = 64;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_overtaken_by_forgetting_gets_what_was_on_its_way_and_is_told_to_list_again() {
    let keeping = RetentionPolicy {
        max_changes: 10,
        sweep_interval: Some(Duration::from_millis(10)),
        ..RetentionPolicy::default()
    };
    let desk = Server::open_keeping(keeping, |_| {}).await;
    let mut users = desk.users().await;
    // A window as a browser's and no larger.
    let endpoint = Endpoint::from_shared(desk.url()).expect("an address");
    let slow = endpoint.initial_stream_window_size(65_535).connect().await;
    let mut slow = UserServiceClient::new(slow.expect("the server"));
    let from_now = WatchUsersRequest::default();
    let mut stalled = watch(&mut slow, from_now).await;
    let (mut revision, kind, _) = told(&mut stalled).await;
    assert_eq!(kind, Kind::Bookmark);

    let name = "👩".repeat(200);
    let changes = stream::iter(0..MANY).map(|number| {
        let (mut users, name) = (users.clone(), &name);
        async move {
            create(&mut users, name, &format!("{number}@example.org")).await;
        }
    });
    let all = changes.buffer_unordered(BATCH);
    all.collect::<Vec<()>>().await;
    // Until the keeper has been there. What memory still holds can be watched from even then.
    let newest = FIRST + MANY;
    let long_gone = newest - MANY / 2;
    forgotten(&mut users, long_gone).await;

    let status = loop {
        match next(&mut stalled).await {
            Ok(event) => {
                assert_eq!(event.revision, revision + 1, "each once, in order");
                revision = event.revision;
            }
            Err(status) => break status,
        }
    };
    assert!(revision < long_gone, "it was not overtaken: {revision}");
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
    let info = status.get_details_error_info().expect("the reason");
    assert_eq!(info.reason, "REVISION_TOO_OLD");
    let oldest: i64 = info.metadata["oldest_revision"].parse().expect("a number");
    assert!((long_gone..=newest).contains(&oldest), "{oldest}");

    // It lists again, and watches from there.
    let list = slow.list_users(ListUsersRequest::default()).await;
    let list = list.expect("a list");
    let at = list.metadata().get("x-revision").expect("a revision");
    let at: i64 = at.to_str().expect("text").parse().expect("a number");
    drop(list);
    delete(&mut users, 7).await;
    let mut watch = watch(&mut slow, from(at)).await;
    assert_eq!(told(&mut watch).await, (at + 1, Kind::Deleted, 7));
}
