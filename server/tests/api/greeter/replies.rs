//! `SayHello` and `LotsOfReplies`.

use frontdesk::{
    greeter::{HelloRequest, greeter_client::GreeterClient},
    unqualified,
};
use tokio_stream::StreamExt as _;

use super::hello;
use crate::helpers::{Server, invalid_fields};

#[tokio::test]
async fn say_hello_greets_by_name() {
    let server = Server::start().await;
    let mut greeter = server.greeter().await;
    for (name, message) in [
        ("Ada", "Hello, Ada!"),
        ("  Ada ", "Hello, Ada!"),
        ("Zoe\u{308}", "Hello, Zo\u{eb}!"),
        ("🦀", "Hello, 🦀!"),
    ] {
        let reply = greeter.say_hello(hello(name)).await;
        assert_eq!(reply.expect("greeting").into_inner().message, message);
    }
}

#[tokio::test]
async fn lots_of_replies_greets_in_at_least_twelve_languages() {
    let server = Server::start().await;
    let mut greeter = server.greeter().await;
    let replies = greeter.lots_of_replies(hello("Ada")).await;
    let replies: Vec<_> = replies
        .expect("response stream")
        .into_inner()
        .map(|reply| reply.expect("greeting").message)
        .collect()
        .await;
    assert!(replies.len() >= 12, "{replies:?}");
    assert_eq!(replies[0], "Hello, Ada!");
    assert!(replies.iter().all(|reply| reply.contains("Ada")));
}

#[tokio::test]
async fn an_invalid_name_is_rejected_with_the_field() {
    let server = Server::start().await;
    let channel = server.channel().await;
    for name in [String::new(), " ".repeat(9), "a\nb".into(), "x".repeat(201)] {
        let request = HelloRequest { name };
        let qualified = GreeterClient::new(channel.clone())
            .say_hello(request.clone())
            .await;
        let unqualified = unqualified::greeter_client::GreeterClient::new(channel.clone())
            .say_hello(request.clone())
            .await;
        let streamed = GreeterClient::new(channel.clone())
            .lots_of_replies(request)
            .await;
        for status in [qualified.err(), unqualified.err(), streamed.err()] {
            assert_eq!(invalid_fields(&status.expect("invalid name")), ["name"]);
        }
    }
}
