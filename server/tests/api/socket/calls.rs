//! The four kinds of calls, over HTTP/1.1 and HTTP/2.

use frontdesk::{
    greeter::{HelloReply, HelloRequest},
    user::{ListUsersRequest, UserResponse},
};

use crate::helpers::{Event, Server, Socket, Version, message};

const BOTH: [Version; 2] = [Version::Http1, Version::Http2];

fn hello(name: &str) -> HelloRequest {
    HelloRequest { name: name.into() }
}

#[tokio::test]
async fn a_unary_call_is_headers_one_message_and_trailers() {
    let desk = Server::open().await;
    for version in BOTH {
        for (path, greeting) in [
            ("/greeter.Greeter/SayHello", "Hello, Ada!"),
            ("/Greeter/SayHello", "Hello, Ada"),
        ] {
            let mut socket = Socket::open_by(version, desk.address, path).await;
            socket.block("").await;
            socket.send(&hello("Ada")).await;
            socket.end().await;
            let heard = socket.rest().await;
            assert_eq!(heard.blocks.len(), 2, "{version:?}: {heard:?}");
            let headers = &heard.blocks[0];
            assert_eq!(headers["content-type"], ["application/grpc-web+proto"]);
            assert_eq!(heard.decoded::<HelloReply>()[0].message, greeting);
            assert_eq!((heard.status(), heard.closed), (Some(0), Some(1000)));
        }
    }
}

#[tokio::test]
async fn a_list_comes_whole_with_its_initial_metadata() {
    let desk = Server::open().await;
    for version in BOTH {
        let path = "/user.UserService/ListUsers";
        let mut socket = Socket::open_by(version, desk.address, path).await;
        socket.block("").await;
        socket.send(&ListUsersRequest::default()).await;
        socket.end().await;
        let heard = socket.rest().await;
        assert_eq!(heard.blocks[0]["x-total-count"], ["1000"]);
        let users = heard.decoded::<UserResponse>();
        let ids: Vec<_> = users.iter().map(|user| user.id).collect();
        assert_eq!(ids, (1..=1_000).collect::<Vec<_>>());
        assert_eq!((heard.status(), heard.closed), (Some(0), Some(1000)));
    }
}

#[tokio::test]
async fn a_stream_of_greetings_is_answered_once_with_everybody() {
    let desk = Server::open().await;
    for version in BOTH {
        let path = "/greeter.Greeter/LotsOfGreetings";
        let mut socket = Socket::open_by(version, desk.address, path).await;
        socket.block("").await;
        for name in ["Ada", "Grace", "Linus"] {
            socket.send(&hello(name)).await;
        }
        socket.end().await;
        let heard = socket.rest().await;
        let replies = heard.decoded::<HelloReply>();
        assert_eq!(replies.len(), 1);
        assert_eq!(replies[0].message, "Hello, Ada, Grace and Linus!");
        assert_eq!((heard.status(), heard.closed), (Some(0), Some(1000)));
    }
}

#[tokio::test]
async fn each_request_of_a_conversation_is_answered_before_the_next_is_sent() {
    let desk = Server::open().await;
    for version in BOTH {
        let path = "/greeter.Greeter/BidiHello";
        let mut socket = Socket::open_by(version, desk.address, path).await;
        socket.block("").await;
        socket.headers().await;
        for name in ["Ada", "Grace", "Linus"] {
            socket.send(&hello(name)).await;
            let reply: HelloReply = socket.message().await;
            assert_eq!(reply.message, format!("Hello, {name}!"));
        }
        // The request's half is closed, and only then the answer's.
        socket.end().await;
        let heard = socket.rest().await;
        assert_eq!((heard.status(), heard.closed), (Some(0), Some(1000)));
    }
}

#[tokio::test]
async fn an_answer_that_is_nothing_but_a_status_is_one_block() {
    let desk = Server::open().await;
    for (path, status) in [
        ("/greeter.Greeter/SayHello", 3),
        ("/greeter.Greeter/NoSuchMethod", 12),
        ("/no.such.Service/Method", 12),
    ] {
        let mut socket = Socket::call(desk.address, path).await;
        socket.send(&hello("")).await;
        socket.end().await;
        let heard = socket.rest().await;
        assert_eq!(heard.blocks.len(), 1, "{path}: {heard:?}");
        assert_eq!((heard.status(), heard.closed), (Some(status), Some(1000)));
    }
}

#[tokio::test]
async fn a_handler_that_answers_early_is_not_held_up_by_a_request_that_goes_on() {
    let desk = Server::open().await;
    // The second name is none: the call is over, whatever else is sent.
    let mut socket = Socket::call(desk.address, "/greeter.Greeter/LotsOfGreetings").await;
    for name in ["Ada", "", "Linus"] {
        socket.send(&hello(name)).await;
    }
    let heard = socket.rest().await;
    assert_eq!((heard.status(), heard.closed), (Some(3), Some(1000)));
}

#[tokio::test]
async fn messages_may_be_cut_and_put_together_anywhere() {
    let desk = Server::open().await;
    let requests = ["Ada", "Grace", "Linus"].map(|name| message(&hello(name)));
    let bytes = requests.concat();
    for size in [1, 2, 7, bytes.len()] {
        let mut socket = Socket::call(desk.address, "/greeter.Greeter/LotsOfGreetings").await;
        for part in bytes.chunks(size) {
            socket.bytes(part).await;
        }
        // Nothing at all is allowed too.
        socket.bytes(&[]).await;
        socket.end().await;
        let heard = socket.rest().await;
        let replies = heard.decoded::<HelloReply>();
        assert_eq!(replies[0].message, "Hello, Ada, Grace and Linus!", "{size}");
    }
}

#[tokio::test]
async fn a_deadline_in_the_block_ends_the_call() {
    let desk = Server::open().await;
    for (method, timeout, status) in [
        ("LotsOfGreetings", "100m", 4),
        ("BidiHello", "100m", 4),
        ("SayHello", "soon", 3),
    ] {
        let path = format!("/greeter.Greeter/{method}");
        let line = format!("grpc-timeout: {timeout}\r\n");
        let mut socket = Socket::call_with(desk.address, &path, &line).await;
        let heard = socket.rest().await;
        assert_eq!(heard.status(), Some(status), "{method}");
        assert_eq!(heard.closed, Some(1000));
    }
}

#[tokio::test]
async fn a_request_that_is_broken_in_the_middle_is_its_senders_fault() {
    let desk = Server::open().await;
    for method in ["SayHello", "LotsOfGreetings", "BidiHello"] {
        // Cut off; no message of protobuf; a flag that nobody knows.
        for bytes in [
            &b"\0\0\0\0\x09\x0a"[..],
            b"\0\0\0\0\x01\xff",
            b"\x07\0\0\0\0",
        ] {
            let path = format!("/greeter.Greeter/{method}");
            let mut socket = Socket::call(desk.address, &path).await;
            socket.bytes(bytes).await;
            socket.end().await;
            let heard = socket.rest().await;
            assert_eq!(heard.status(), Some(3), "{method} {bytes:?}: {heard:?}");
            assert_eq!(heard.closed, Some(1000));
        }
    }
}

#[tokio::test]
async fn the_answers_headers_have_the_requests_id() {
    let desk = Server::open().await;
    let mut socket = Socket::call(desk.address, "/greeter.Greeter/BidiHello").await;
    assert!(!socket.headers().await["x-request-id"][0].is_empty());
    socket.end().await;
    assert_eq!(socket.headers().await["grpc-status"], ["0"]);
    assert_eq!(socket.next().await, Event::Closed(Some(1000)));
}
