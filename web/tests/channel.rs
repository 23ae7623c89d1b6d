//! The generated stubs over the channel, in a browser, against a real server.
//!
//! The server's address is set at compile time by `FRONTDESK_TEST_SERVER`, such as
//! `http://127.0.0.1:50051`. It has to allow calls from the test page's origin, and have more users
//! than the buffers between it and the page can hold (`frontdesk seed --count 400000`), so that a
//! list that is not read stays open.

#![cfg(target_arch = "wasm32")]

use std::time::Duration;

use frontdesk::{
    greeter::{HelloRequest, greeter_client::GreeterClient},
    user::{ListUsersRequest, UserRequest, user_service_client::UserServiceClient},
};
use frontdesk_transport::client::{Channel, Error, Reason, Timer};
use futures_util::{
    future::{Either, select},
    stream,
};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Connections are refused: nothing listens on this port.
const CLOSED: &str = "http://127.0.0.1:9";

fn server() -> &'static str {
    option_env!("FRONTDESK_TEST_SERVER").unwrap_or("http://127.0.0.1:50051")
}

fn greeter() -> GreeterClient<Channel> {
    GreeterClient::new(Channel::new(server()))
}

fn users() -> UserServiceClient<Channel> {
    UserServiceClient::new(Channel::new(server()))
}

fn hello(name: &str) -> HelloRequest {
    HelloRequest {
        name: name.to_owned(),
    }
}

fn channel_error(status: &Status) -> Option<Reason> {
    Error::from_status(status).map(Error::reason)
}

#[wasm_bindgen_test]
async fn a_unary_call_returns_a_reply() {
    let reply = greeter().say_hello(hello("Zoë")).await.expect("a greeting");
    assert_eq!(reply.into_inner().message, "Hello, Zoë!");
}

#[wasm_bindgen_test]
async fn a_server_stream_returns_each_message() {
    let reply = greeter().lots_of_replies(hello("Ada")).await;
    let mut stream = reply.expect("a stream").into_inner();
    let mut count = 0;
    while let Some(reply) = stream.message().await.expect("a greeting") {
        assert!(reply.message.contains("Ada"), "{}", reply.message);
        count += 1;
    }
    assert!(count >= 12, "{count}");
}

#[wasm_bindgen_test]
async fn a_list_starts_with_the_total() {
    let request = ListUsersRequest {
        page: 1,
        page_size: 3,
        ..ListUsersRequest::default()
    };
    let reply = users().list_users(request).await.expect("a list");
    let total = reply.metadata().get("x-total-count").expect("a total");
    let total: u64 = total.to_str().expect("text").parse().expect("a number");
    assert!(reply.metadata().contains_key("x-revision"));
    let mut stream = reply.into_inner();
    let mut ids = Vec::new();
    while let Some(user) = stream.message().await.expect("a user") {
        ids.push(user.id);
    }
    assert_eq!(ids.len() as u64, total.min(3));
    assert!(ids.is_sorted());
}

#[wasm_bindgen_test]
async fn an_error_includes_its_details() {
    let status = greeter().say_hello(hello("")).await.expect_err("no name");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(channel_error(&status).is_none(), "sent by the server");
    let details = status.get_details_bad_request().expect("details");
    let fields: Vec<_> = details
        .field_violations
        .iter()
        .map(|it| &it.field)
        .collect();
    assert_eq!(fields, ["name"]);
}

#[wasm_bindgen_test]
async fn an_invalid_list_request_is_an_error() {
    let request = ListUsersRequest {
        page: -1,
        page_size: 0,
        ..ListUsersRequest::default()
    };
    let status = match users().list_users(request).await {
        Err(status) => status,
        Ok(reply) => {
            let first = reply.into_inner().message().await;
            first.expect_err("a negative page")
        }
    };
    assert_eq!(status.code(), Code::InvalidArgument);
}

#[wasm_bindgen_test]
async fn an_unknown_user_is_not_found() {
    let request = UserRequest { id: i32::MAX };
    let status = users().get_user(request).await.expect_err("no such user");
    assert_eq!(status.code(), Code::NotFound);
}

#[wasm_bindgen_test]
async fn a_dropped_stream_releases_its_connection() {
    // Browsers open six HTTP/1.1 connections per origin: the seventh stream would wait forever if
    // dropping a stream did not abort its `fetch`.
    for _ in 0..12 {
        let reply = users().list_users(ListUsersRequest::default()).await;
        let mut stream = reply.expect("a list").into_inner();
        let first = stream.message().await.expect("a message");
        assert!(first.is_some());
        drop(stream);
    }
    let mut greeter = greeter();
    let next = select(
        Box::pin(greeter.say_hello(hello("Ada"))),
        Timer::after(5_000.0),
    );
    let Either::Left((reply, _)) = next.await else {
        panic!("no free connection");
    };
    assert_eq!(
        reply.expect("a greeting").into_inner().message,
        "Hello, Ada!"
    );
}

fn with_short_deadline<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(Duration::from_millis(400));
    request
}

#[wasm_bindgen_test]
async fn a_deadline_ends_a_stream() {
    let reply = users()
        .list_users(with_short_deadline(ListUsersRequest::default()))
        .await;
    let mut list = reply.expect("a list").into_inner();
    // The list is not read until a call that was started later has reached the same deadline.
    let channel = Channel::new(server()).with_client_streaming(frontdesk::CLIENT_STREAMING);
    let requests = with_short_deadline(stream::pending());
    let reply = GreeterClient::new(channel).bidi_hello(requests).await;
    let message = reply.expect("a conversation").into_inner().message().await;
    let status = message.expect_err("no reply");
    assert_eq!(status.code(), Code::DeadlineExceeded);
    let status = loop {
        match list.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the list ended before its deadline"),
            Err(status) => break status,
        }
    };
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[wasm_bindgen_test]
async fn an_unreachable_server_is_distinguished_from_an_error_status() {
    let mut client = GreeterClient::new(Channel::new(CLOSED));
    let status = client
        .say_hello(hello("Ada"))
        .await
        .expect_err("unreachable");
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(
        channel_error(&status),
        Some(Reason::Unreachable),
        "{status:?}"
    );
}
