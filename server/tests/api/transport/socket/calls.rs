//! The four call types, over HTTP/1.1 and HTTP/2.

use frontdesk::{
    greeter::HelloReply,
    user::{ListUsersRequest, UserResponse},
};

use super::{BIDI_HELLO, LOTS_OF_GREETINGS, SAY_HELLO, hello};
use crate::helpers::{BOTH, Event, Server, Socket};

#[tokio::test]
async fn a_unary_response_is_headers_a_message_and_trailers() {
    let server = Server::start().await;
    for version in BOTH {
        for (path, greeting) in [
            (SAY_HELLO, "Hello, Ada!"),
            ("/Greeter/SayHello", "Hello, Ada"),
        ] {
            let mut socket = Socket::start_call_over(version, server.address, path).await;
            socket.send(&hello("Ada")).await;
            socket.finish().await;
            let response = socket.response().await;
            assert_eq!(response.header_blocks.len(), 2, "{version:?}: {response:?}");
            let headers = &response.header_blocks[0];
            assert_eq!(headers["content-type"], ["application/grpc-web+proto"]);
            assert_eq!(response.decode::<HelloReply>()[0].message, greeting);
            assert_eq!(response.end(), (Some(0), Some(1000)));
        }
    }
}

#[tokio::test]
async fn a_server_stream_is_complete_and_has_initial_metadata() {
    let server = Server::start().await;
    for version in BOTH {
        let path = "/user.UserService/ListUsers";
        let mut socket = Socket::start_call_over(version, server.address, path).await;
        socket.send(&ListUsersRequest::default()).await;
        socket.finish().await;
        let response = socket.response().await;
        assert_eq!(response.header_blocks[0]["x-total-count"], ["1000"]);
        let users = response.decode::<UserResponse>();
        let ids: Vec<_> = users.iter().map(|user| user.id).collect();
        assert_eq!(ids, (1..=1_000).collect::<Vec<_>>());
        assert_eq!(response.end(), (Some(0), Some(1000)));
    }
}

#[tokio::test]
async fn a_client_stream_has_one_reply() {
    let server = Server::start().await;
    for version in BOTH {
        let path = LOTS_OF_GREETINGS;
        let mut socket = Socket::start_call_over(version, server.address, path).await;
        for name in ["Ada", "Grace", "Linus"] {
            socket.send(&hello(name)).await;
        }
        socket.finish().await;
        let response = socket.response().await;
        let replies = response.decode::<HelloReply>();
        assert_eq!(replies.len(), 1);
        assert_eq!(replies[0].message, "Hello, Ada, Grace and Linus!");
        assert_eq!(response.end(), (Some(0), Some(1000)));
    }
}

#[tokio::test]
async fn a_bidirectional_call_replies_before_the_next_request() {
    let server = Server::start().await;
    for version in BOTH {
        let path = BIDI_HELLO;
        let mut socket = Socket::start_call_over(version, server.address, path).await;
        socket.receive_headers().await;
        for name in ["Ada", "Grace", "Linus"] {
            socket.send(&hello(name)).await;
            let reply: HelloReply = socket.receive().await;
            assert_eq!(reply.message, format!("Hello, {name}!"));
        }
        // The response ends only after the request.
        socket.finish().await;
        let response = socket.response().await;
        assert_eq!(response.end(), (Some(0), Some(1000)));
    }
}

#[tokio::test]
async fn a_response_with_only_a_status_is_one_header_block() {
    let server = Server::start().await;
    for (path, status) in [
        (SAY_HELLO, 3),
        ("/greeter.Greeter/NoSuchMethod", 12),
        ("/no.such.Service/Method", 12),
    ] {
        let mut socket = Socket::start_call(server.address, path).await;
        socket.send(&hello("")).await;
        socket.finish().await;
        let response = socket.response().await;
        assert_eq!(response.header_blocks.len(), 1, "{path}: {response:?}");
        assert_eq!(response.end(), (Some(status), Some(1000)));
    }
}

#[tokio::test]
async fn an_early_status_does_not_wait_for_the_end_of_the_request() {
    let server = Server::start().await;
    // The second name is invalid and ends the call.
    let mut socket = Socket::start_call(server.address, LOTS_OF_GREETINGS).await;
    for name in ["Ada", "", "Linus"] {
        socket.send(&hello(name)).await;
    }
    let response = socket.response().await;
    assert_eq!(response.end(), (Some(3), Some(1000)));
}

#[tokio::test]
async fn the_response_headers_have_the_request_id() {
    let server = Server::start().await;
    let mut socket = Socket::start_call(server.address, BIDI_HELLO).await;
    assert!(!socket.receive_headers().await["x-request-id"][0].is_empty());
    socket.finish().await;
    assert_eq!(socket.receive_headers().await["grpc-status"], ["0"]);
    assert_eq!(socket.next_event().await, Event::Closed(Some(1000)));
}
