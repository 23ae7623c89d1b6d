//! Calls with a request stream: the generated stubs over the channel, in a browser, against the
//! server described in `channel.rs`.

#![cfg(target_arch = "wasm32")]

use std::{cell::RefCell, rc::Rc, time::Duration};

use frontdesk::greeter::{HelloReply, HelloRequest, greeter_client::GreeterClient};
use frontdesk_transport::client::{
    Channel, Direction, Error, InspectedChannel, Reason, Timer, WireEventKind,
};
use futures_channel::mpsc::{UnboundedSender, unbounded};
use futures_util::{
    future::{Either, join_all, select},
    stream,
};
use tonic::{Code, Request, Status, Streaming};
use tonic_types::StatusExt as _;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Connections are refused: nothing listens on this port.
const CLOSED: &str = "http://127.0.0.1:9";

/// More than the sockets that a browser opens at once (255).
const DROPPED_CALLS: usize = 300;

fn channel(origin: &str) -> Channel {
    Channel::new(origin).with_client_streaming(frontdesk::CLIENT_STREAMING)
}

fn greeter() -> GreeterClient<Channel> {
    let server = option_env!("FRONTDESK_TEST_SERVER").unwrap_or("http://127.0.0.1:50051");
    GreeterClient::new(channel(server))
}

fn hello(name: &str) -> HelloRequest {
    HelloRequest {
        name: name.to_owned(),
    }
}

fn names(names: &[&str]) -> impl stream::Stream<Item = HelloRequest> + use<> {
    let names: Vec<_> = names.iter().map(|name| hello(name)).collect();
    stream::iter(names)
}

/// Starts a conversation.
async fn conversation() -> (UnboundedSender<HelloRequest>, Streaming<HelloReply>) {
    let (sender, requests) = unbounded();
    let replies = greeter()
        .bidi_hello(requests)
        .await
        .expect("a conversation");
    (sender, replies.into_inner())
}

async fn next_reply(replies: &mut Streaming<HelloReply>) -> Option<String> {
    let reply = replies.message().await.expect("a reply");
    reply.map(|reply| reply.message)
}

fn channel_error(status: &Status) -> Option<Reason> {
    Error::from_status(status).map(Error::reason)
}

fn violated_field(status: &Status) -> String {
    let details = status.get_details_bad_request().expect("details");
    let [violation] = &details.field_violations[..] else {
        panic!("{details:?}");
    };
    violation.field.clone()
}

#[wasm_bindgen_test]
async fn a_channel_without_a_method_list_supports_conversations() {
    let server = option_env!("FRONTDESK_TEST_SERVER").unwrap_or("http://127.0.0.1:50051");
    let mut greeter = GreeterClient::new(Channel::new(server));
    let (sender, requests) = unbounded();
    sender.unbounded_send(hello("Ada")).expect("an open call");
    let replies = greeter.bidi_hello(requests).await.expect("a conversation");
    let mut replies = replies.into_inner();
    for name in ["Ada", "Zoë"] {
        assert_eq!(
            next_reply(&mut replies).await,
            Some(format!("Hello, {name}!"))
        );
        sender.unbounded_send(hello("Zoë")).expect("an open call");
    }
    drop(sender);
    assert_eq!(
        next_reply(&mut replies).await,
        Some("Hello, Zoë!".to_owned())
    );
    assert_eq!(next_reply(&mut replies).await, None);
}

#[wasm_bindgen_test]
async fn each_name_in_a_conversation_is_greeted_before_the_next_is_sent() {
    // The response headers arrive before the first request.
    let (sender, mut replies) = conversation().await;
    for name in ["Ada", "Zoë", "美咲"] {
        sender.unbounded_send(hello(name)).expect("an open call");
        let expected = format!("Hello, {name}!");
        assert_eq!(next_reply(&mut replies).await, Some(expected));
    }
    drop(sender);
    assert_eq!(next_reply(&mut replies).await, None);
    let trailers = replies.trailers().await.expect("an end");
    assert!(trailers.is_some());
}

#[wasm_bindgen_test]
async fn names_sent_before_the_half_close_are_greeted_after_it() {
    let replies = greeter().bidi_hello(names(&["Ada", "Grace"])).await;
    let mut replies = replies.expect("a conversation").into_inner();
    Timer::after(200.0).await;
    assert_eq!(
        next_reply(&mut replies).await.as_deref(),
        Some("Hello, Ada!")
    );
    assert_eq!(
        next_reply(&mut replies).await.as_deref(),
        Some("Hello, Grace!")
    );
    assert_eq!(next_reply(&mut replies).await, None);
}

#[wasm_bindgen_test]
async fn a_group_greeting_is_sent_after_the_last_name() {
    let (sender, requests) = unbounded();
    let mut client = greeter();
    let mut reply = Box::pin(client.lots_of_greetings(requests));
    for name in ["Ada", "Grace", "Linus"] {
        sender.unbounded_send(hello(name)).expect("an open call");
        // No reply while the request stream is open.
        let Either::Right(((), waiting)) = select(reply, Timer::after(50.0)).await else {
            panic!("a reply before the last name");
        };
        reply = waiting;
    }
    drop(sender);
    let reply = reply.await.expect("a greeting").into_inner();
    assert_eq!(reply.message, "Hello, Ada, Grace and Linus!");
}

#[wasm_bindgen_test]
async fn a_group_greeting_without_names_is_rejected() {
    let result = greeter().lots_of_greetings(names(&[])).await;
    let status = result.expect_err("an error");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(channel_error(&status).is_none(), "sent by the server");
    assert_eq!(violated_field(&status), "requests");
}

#[wasm_bindgen_test]
async fn an_invalid_name_ends_an_open_client_stream() {
    let (sender, requests) = unbounded();
    for name in ["Ada", "two\nlines"] {
        sender.unbounded_send(hello(name)).expect("an open call");
    }
    let result = greeter().lots_of_greetings(requests).await;
    let status = result.expect_err("an invalid name");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(violated_field(&status), "requests[1].name");
    drop(sender);
}

#[wasm_bindgen_test]
async fn an_error_in_a_conversation_follows_the_replies_and_includes_details() {
    let (sender, mut replies) = conversation().await;
    for name in ["Ada", "Grace", ""] {
        sender.unbounded_send(hello(name)).expect("an open call");
    }
    assert_eq!(
        next_reply(&mut replies).await.as_deref(),
        Some("Hello, Ada!")
    );
    assert_eq!(
        next_reply(&mut replies).await.as_deref(),
        Some("Hello, Grace!")
    );
    let status = replies.message().await.expect_err("an invalid name");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(channel_error(&status).is_none(), "sent by the server");
    assert_eq!(violated_field(&status), "requests[2].name");
}

#[wasm_bindgen_test]
async fn a_deadline_ends_an_idle_conversation() {
    let (sender, requests) = unbounded();
    sender.unbounded_send(hello("Ada")).expect("an open call");
    let mut request = Request::new(requests);
    request.set_timeout(Duration::from_millis(400));
    let replies = greeter().bidi_hello(request).await.expect("a reply");
    let mut replies = replies.into_inner();
    assert_eq!(
        next_reply(&mut replies).await.as_deref(),
        Some("Hello, Ada!")
    );
    let status = replies.message().await.expect_err("deadline exceeded");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    drop(sender);
}

#[wasm_bindgen_test]
async fn dropped_calls_release_their_permits() {
    // Browsers limit open sockets, and the server limits calls.
    for _ in 0..DROPPED_CALLS {
        let (sender, mut replies) = conversation().await;
        sender.unbounded_send(hello("Ada")).expect("an open call");
        assert_eq!(
            next_reply(&mut replies).await.as_deref(),
            Some("Hello, Ada!")
        );
        drop(replies);
        // The request stream is dropped with the call.
        wait_until_closed(&sender).await;
    }
}

async fn wait_until_closed(sender: &UnboundedSender<HelloRequest>) {
    for _ in 0..500 {
        if sender.is_closed() {
            return;
        }
        Timer::after(2.0).await;
    }
    panic!("the request stream outlives its call");
}

#[wasm_bindgen_test]
async fn concurrent_conversations_do_not_block_each_other() {
    // Far more than the six connections that `fetch` can use.
    let conversations = join_all((0..40).map(|number| async move {
        let (sender, mut replies) = conversation().await;
        let name = number.to_string();
        sender.unbounded_send(hello(&name)).expect("an open call");
        let expected = format!("Hello, {name}!");
        assert_eq!(next_reply(&mut replies).await, Some(expected));
        (sender, replies)
    }))
    .await;
    // All conversations are open.
    let reply = greeter().say_hello(hello("Ada")).await.expect("a greeting");
    assert_eq!(reply.into_inner().message, "Hello, Ada!");
    for (sender, mut replies) in conversations {
        drop(sender);
        assert_eq!(next_reply(&mut replies).await, None);
    }
}

#[wasm_bindgen_test]
async fn an_inspected_channel_reports_events_in_order() {
    let reported = Rc::new(RefCell::new(Vec::new()));
    let report = Rc::clone(&reported);
    let server = option_env!("FRONTDESK_TEST_SERVER").unwrap_or("http://127.0.0.1:50051");
    let channel = InspectedChannel::new(channel(server), move |event| {
        report.borrow_mut().push((event.direction, event.kind));
    });
    let (sender, requests) = unbounded();
    let replies = GreeterClient::new(channel).bidi_hello(requests).await;
    let mut replies = replies.expect("a conversation").into_inner();
    sender.unbounded_send(hello("Ada")).expect("an open call");
    assert!(next_reply(&mut replies).await.is_some());
    drop(sender);
    assert_eq!(next_reply(&mut replies).await, None);
    assert_eq!(
        *reported.borrow(),
        [
            (Direction::Sent, WireEventKind::Headers),
            (Direction::Received, WireEventKind::Headers),
            (Direction::Sent, WireEventKind::Message),
            (Direction::Received, WireEventKind::Message),
            (Direction::Sent, WireEventKind::EndOfRequest),
            (Direction::Received, WireEventKind::Trailers(Code::Ok)),
        ]
    );
}

#[wasm_bindgen_test]
async fn an_unreachable_server_is_distinguished_from_an_error_status() {
    let mut client = GreeterClient::new(channel(CLOSED));
    let result = client.bidi_hello(names(&["Ada"])).await;
    let status = result.expect_err("an error");
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(
        channel_error(&status),
        Some(Reason::Unreachable),
        "{status:?}"
    );
}
