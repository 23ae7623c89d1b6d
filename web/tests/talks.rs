//! Calls whose request is a stream, by the generated stubs over the channel, in a browser, against
//! a real server: the one that `channel.rs` says more of.

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

/// Refuses connections at once: nothing may listen on it.
const CLOSED: &str = "http://127.0.0.1:9";

/// More sockets than a browser has open at once.
const MANY: usize = 300;

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

/// A conversation that has begun: who says something, and who answers.
async fn talk() -> (UnboundedSender<HelloRequest>, Streaming<HelloReply>) {
    let (say, said) = unbounded();
    let replies = greeter().bidi_hello(said).await.expect("a conversation");
    (say, replies.into_inner())
}

async fn answer(replies: &mut Streaming<HelloReply>) -> Option<String> {
    let reply = replies.message().await.expect("an answer");
    reply.map(|reply| reply.message)
}

fn reason(status: &Status) -> Option<Reason> {
    let error: &Error = std::error::Error::source(status)?.downcast_ref()?;
    Some(error.reason())
}

fn bad_field(status: &Status) -> String {
    let details = status.get_details_bad_request().expect("details");
    let [violation] = &details.field_violations[..] else {
        panic!("{details:?}");
    };
    violation.field.clone()
}

#[wasm_bindgen_test]
async fn a_channel_that_knows_no_methods_has_conversations_too() {
    let server = option_env!("FRONTDESK_TEST_SERVER").unwrap_or("http://127.0.0.1:50051");
    let mut greeter = GreeterClient::new(Channel::new(server));
    let (say, said) = unbounded();
    say.unbounded_send(hello("Ada")).expect("an open call");
    let replies = greeter.bidi_hello(said).await.expect("a conversation");
    let mut replies = replies.into_inner();
    for name in ["Ada", "Zoë"] {
        assert_eq!(answer(&mut replies).await, Some(format!("Hello, {name}!")));
        say.unbounded_send(hello("Zoë")).expect("an open call");
    }
    drop(say);
    assert_eq!(answer(&mut replies).await, Some("Hello, Zoë!".to_owned()));
    assert_eq!(answer(&mut replies).await, None);
}

#[wasm_bindgen_test]
async fn a_conversation_is_answered_before_the_next_is_said() {
    // The answer's headers come though nothing has been said.
    let (say, mut replies) = talk().await;
    for name in ["Ada", "Zoë", "美咲"] {
        say.unbounded_send(hello(name)).expect("an open call");
        let expected = format!("Hello, {name}!");
        assert_eq!(answer(&mut replies).await, Some(expected));
    }
    drop(say);
    assert_eq!(answer(&mut replies).await, None);
    let trailers = replies.trailers().await.expect("an end");
    assert!(trailers.is_some());
}

#[wasm_bindgen_test]
async fn what_was_said_before_the_half_close_is_answered_after_it() {
    let replies = greeter().bidi_hello(names(&["Ada", "Grace"])).await;
    let mut replies = replies.expect("a conversation").into_inner();
    Timer::after(200.0).await;
    assert_eq!(answer(&mut replies).await.as_deref(), Some("Hello, Ada!"));
    assert_eq!(answer(&mut replies).await.as_deref(), Some("Hello, Grace!"));
    assert_eq!(answer(&mut replies).await, None);
}

#[wasm_bindgen_test]
async fn everybody_is_greeted_at_once_when_all_have_come() {
    let (say, said) = unbounded();
    let mut client = greeter();
    let mut reply = Box::pin(client.lots_of_greetings(said));
    for name in ["Ada", "Grace", "Linus"] {
        say.unbounded_send(hello(name)).expect("an open call");
        // As long as more may come, there is no answer.
        let Either::Right(((), waiting)) = select(reply, Timer::after(50.0)).await else {
            panic!("answered before the last name");
        };
        reply = waiting;
    }
    drop(say);
    let reply = reply.await.expect("a greeting").into_inner();
    assert_eq!(reply.message, "Hello, Ada, Grace and Linus!");
}

#[wasm_bindgen_test]
async fn a_greeting_for_nobody_is_refused() {
    let refused = greeter().lots_of_greetings(names(&[])).await;
    let status = refused.expect_err("nobody");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(reason(&status).is_none(), "the server's own no");
    assert_eq!(bad_field(&status), "requests");
}

#[wasm_bindgen_test]
async fn a_bad_name_ends_a_client_stream_that_is_still_open() {
    let (say, said) = unbounded();
    for name in ["Ada", "two\nlines"] {
        say.unbounded_send(hello(name)).expect("an open call");
    }
    let refused = greeter().lots_of_greetings(said).await;
    let status = refused.expect_err("a bad name");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(bad_field(&status), "requests[1].name");
    drop(say);
}

#[wasm_bindgen_test]
async fn an_error_in_a_conversation_comes_after_the_answers_and_with_its_details() {
    let (say, mut replies) = talk().await;
    for name in ["Ada", "Grace", ""] {
        say.unbounded_send(hello(name)).expect("an open call");
    }
    assert_eq!(answer(&mut replies).await.as_deref(), Some("Hello, Ada!"));
    assert_eq!(answer(&mut replies).await.as_deref(), Some("Hello, Grace!"));
    let status = replies.message().await.expect_err("a bad name");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(reason(&status).is_none(), "the server's own no");
    assert_eq!(bad_field(&status), "requests[2].name");
}

#[wasm_bindgen_test]
async fn a_deadline_ends_a_conversation_in_which_nothing_is_said() {
    let (say, said) = unbounded();
    say.unbounded_send(hello("Ada")).expect("an open call");
    let mut request = Request::new(said);
    request.set_timeout(Duration::from_millis(400));
    let replies = greeter().bidi_hello(request).await.expect("an answer");
    let mut replies = replies.into_inner();
    assert_eq!(answer(&mut replies).await.as_deref(), Some("Hello, Ada!"));
    let status = replies.message().await.expect_err("too late");
    assert_eq!(status.code(), Code::DeadlineExceeded, "{status:?}");
    drop(say);
}

#[wasm_bindgen_test]
async fn calls_that_are_dropped_leave_room_for_others() {
    // A browser has at most 255 sockets open, and the server bounds its calls.
    for _ in 0..MANY {
        let (say, mut replies) = talk().await;
        say.unbounded_send(hello("Ada")).expect("an open call");
        assert_eq!(answer(&mut replies).await.as_deref(), Some("Hello, Ada!"));
        drop(replies);
        // Nobody takes what is said any more.
        until_closed(&say).await;
    }
}

async fn until_closed(say: &UnboundedSender<HelloRequest>) {
    for _ in 0..500 {
        if say.is_closed() {
            return;
        }
        Timer::after(2.0).await;
    }
    panic!("the request outlives its call");
}

#[wasm_bindgen_test]
async fn many_conversations_at_once_do_not_wait_for_each_other() {
    // By far more than the six connections that `fetch` would have.
    let talks = join_all((0..40).map(|number| async move {
        let (say, mut replies) = talk().await;
        let name = number.to_string();
        say.unbounded_send(hello(&name)).expect("an open call");
        let expected = format!("Hello, {name}!");
        assert_eq!(answer(&mut replies).await, Some(expected));
        (say, replies)
    }))
    .await;
    // All of them are open.
    let reply = greeter().say_hello(hello("Ada")).await.expect("a greeting");
    assert_eq!(reply.into_inner().message, "Hello, Ada!");
    for (say, mut replies) in talks {
        drop(say);
        assert_eq!(answer(&mut replies).await, None);
    }
}

#[wasm_bindgen_test]
async fn what_passes_is_told_in_its_order() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let ear = Rc::clone(&told);
    let server = option_env!("FRONTDESK_TEST_SERVER").unwrap_or("http://127.0.0.1:50051");
    let tap = InspectedChannel::new(channel(server), move |passed| {
        ear.borrow_mut().push((passed.direction, passed.kind));
    });
    let (say, said) = unbounded();
    let replies = GreeterClient::new(tap).bidi_hello(said).await;
    let mut replies = replies.expect("a conversation").into_inner();
    say.unbounded_send(hello("Ada")).expect("an open call");
    assert!(answer(&mut replies).await.is_some());
    drop(say);
    assert_eq!(answer(&mut replies).await, None);
    assert_eq!(
        *told.borrow(),
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
async fn a_server_that_is_not_there_is_told_from_one_that_says_no() {
    let mut client = GreeterClient::new(channel(CLOSED));
    let refused = client.bidi_hello(names(&["Ada"])).await;
    let status = refused.expect_err("nobody");
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(reason(&status), Some(Reason::Unreachable), "{status:?}");
}
