//! What is nobody's request's fault is told alike over native gRPC, gRPC-Web and a WebSocket too.

use frontdesk::user::{CreateUserRequest, ListChangesRequest, UserRequest, WatchUsersRequest};
use frontdesk_store::RetentionPolicy;
use futures_util::future::join_all;
use rusqlite::Connection;

use super::told::{Told, WAYS, ask, everywhere};
use crate::helpers::{Server, gets_a_place, has_a_place, message};

const WATCH: &str = "/user.UserService/WatchUsers";

fn assert_waiting_helps(told: &Told) {
    let details = told.details();
    let retry = details.retry_info().and_then(|info| info.retry_delay);
    assert!(retry.is_some(), "{told:?} {details:?}");
}

#[tokio::test]
async fn a_database_that_may_not_grow_refuses_what_is_new_and_says_to_wait() {
    let keeping = RetentionPolicy {
        max_database_bytes: Some(1 << 20),
        ..RetentionPolicy::default()
    };
    let desk = Server::open_keeping(keeping, |_| {}).await;
    let mut users = desk.users().await;
    let long = |number: usize| CreateUserRequest {
        name: "n".repeat(200),
        email: format!("{number}@{}.example.org", "e".repeat(60)),
        request_id: String::new(),
    };
    let mut number = 0;
    while users.create_user(long(number)).await.is_ok() {
        number += 1;
    }
    let told = everywhere(&desk, "CreateUser", &long(number)).await;
    assert_eq!(told.code, "8", "{told:?}");
    assert_waiting_helps(&told);
    // Who is there still is.
    let john = users.get_user(UserRequest { id: 1 }).await;
    assert_eq!(john.expect("he is there").into_inner().name, "John Doe");
}

#[tokio::test]
async fn too_much_at_once_says_to_wait() {
    let desk = Server::open_with(|settings| {
        settings.max_calls = 3;
        settings.max_streams = 2;
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut users = desk.users().await;
        let watch = users.watch_users(WatchUsersRequest::default()).await;
        held.push(watch.expect("a place").into_inner());
    }
    let told = everywhere(&desk, "GetUser", &UserRequest { id: 1 }).await;
    assert_eq!(told.code, "8", "{told:?}");
    assert_waiting_helps(&told);
    drop(held);
    gets_a_place(&mut desk.greeter().await).await;
}

#[tokio::test]
async fn too_late_is_told_in_the_same_words() {
    let desk = Server::open().await;
    let watch = message(&WatchUsersRequest::default());
    let mut all = Vec::new();
    for way in WAYS {
        all.push(ask(desk.address, way, WATCH, &watch, Some("200m")).await);
    }
    assert_eq!(all[0].code, "4", "{all:?}");
    assert!(all.iter().all(|told| *told == all[0]), "{all:?}");
}

#[tokio::test]
async fn who_is_served_while_the_server_goes_down_is_told_to_come_again() {
    let mut desk = Server::open_with(|settings| settings.max_calls = 3).await;
    let address = desk.address;
    let asked = tokio::spawn(async move {
        let watch = message(&WatchUsersRequest::default());
        join_all(WAYS.map(|way| ask(address, way, WATCH, &watch, None))).await
    });
    // Until each of the three has a place.
    let mut greeter = desk.greeter().await;
    while has_a_place(&mut greeter).await {}
    drop(greeter);

    desk.tell_to_stop();
    let all = asked.await.expect("no panic");
    assert_eq!(all[0].code, "14", "{all:?}");
    assert_waiting_helps(&all[0]);
    assert!(all.iter().all(|told| *told == all[0]), "{all:?}");
    desk.stopped().await;
}

#[tokio::test]
async fn our_fault_is_a_fixed_text_with_the_requests_id() {
    let desk = Server::open().await;
    let db = Connection::open(desk.data().join("frontdesk.db")).expect("the database");
    db.execute_batch("DROP TABLE change_log").expect("damage");
    let request = message(&ListChangesRequest::default());
    let mut all = Vec::new();
    for way in WAYS {
        let path = "/user.UserService/ListChanges";
        let told = ask(desk.address, way, path, &request, None).await;
        assert_eq!(told.code, "13", "{told:?}");
        let details = told.details();
        let info = details.request_info().cloned().expect("RequestInfo");
        assert!(!info.request_id.is_empty());
        // Nothing in it tells a stranger of tables, but for the id they are the same.
        all.push(told.words.replace(&info.request_id, "-"));
    }
    assert!(all.iter().all(|words| *words == all[0]), "{all:?}");
    assert!(!all[0].contains("table"), "{all:?}");
}
