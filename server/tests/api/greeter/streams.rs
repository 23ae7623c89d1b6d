//! `LotsOfGreetings` and `BidiHello`.

use frontdesk::{
    greeter::{HelloReply, HelloRequest},
    unqualified,
};
use tokio::sync::mpsc;
use tokio_stream::{StreamExt as _, wrappers::ReceiverStream};
use tonic::Code;

use super::hello;
use crate::helpers::{BOTH, Server, frame_message, invalid_fields, messages, parse_frames};

fn hellos<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<HelloRequest> {
    names.into_iter().map(hello).collect()
}

#[tokio::test]
async fn lots_of_greetings_greets_every_name() {
    let server = Server::start().await;
    let channel = server.channel().await;
    let mut greeter = server.greeter().await;
    let mut unqualified = unqualified::greeter_client::GreeterClient::new(channel);
    for (names, greeting) in [
        (&["Ada"][..], "Hello, Ada!"),
        (&["Ada", " Grace "], "Hello, Ada and Grace!"),
        (&["Ada", "Grace", "Linus"], "Hello, Ada, Grace and Linus!"),
    ] {
        let requests = || tokio_stream::iter(hellos(names.iter().copied()));
        let reply = greeter.lots_of_greetings(requests()).await;
        assert_eq!(reply.expect("greeting").into_inner().message, greeting);
        let reply = unqualified.lots_of_greetings(requests()).await;
        assert_eq!(reply.expect("greeting").into_inner().message, greeting);
    }
}

#[tokio::test]
async fn lots_of_greetings_rejects_an_invalid_name_too_many_names_and_an_empty_stream() {
    let server = Server::start().await;
    let mut greeter = server.greeter().await;
    let thousand = || std::iter::repeat_n("Ada", 1_000);
    for (names, field) in [
        (vec![], "requests"),
        (vec![""], "requests[0].name"),
        (vec!["Ada", "Grace", "a\nb", ""], "requests[2].name"),
        (thousand().chain(["Grace"]).collect(), "requests"),
    ] {
        let requests = tokio_stream::iter(hellos(names));
        let rejected = greeter.lots_of_greetings(requests).await;
        let status = rejected.expect_err("invalid request");
        assert_eq!(invalid_fields(&status), [field]);
    }
    let requests = tokio_stream::iter(hellos(thousand()));
    let reply = greeter.lots_of_greetings(requests).await;
    assert!(reply.expect("greeting").into_inner().message.len() > 3_000);
}

#[tokio::test]
async fn bidi_hello_replies_to_each_request_and_ends_at_an_invalid_name() {
    let server = Server::start().await;
    let mut greeter = server.greeter().await;
    let (sender, requests) = mpsc::channel(1);
    let replies = greeter.bidi_hello(ReceiverStream::new(requests)).await;
    let mut replies = replies.expect("response stream").into_inner();
    for name in ["Ada", "Grace", "Linus"] {
        sender.send(hello(name)).await.expect("open request stream");
        let reply = replies.next().await.expect("response").expect("greeting");
        assert_eq!(reply.message, format!("Hello, {name}!"));
    }
    sender.send(hello("")).await.expect("open request stream");
    let status = replies
        .next()
        .await
        .expect("end of stream")
        .expect_err("invalid name");
    assert_eq!(invalid_fields(&status), ["requests[3].name"]);
    assert!(replies.next().await.is_none());
}

#[tokio::test]
async fn bidi_hello_ends_when_the_client_ends_the_request() {
    let server = Server::start().await;
    let channel = server.channel().await;
    let mut unqualified = unqualified::greeter_client::GreeterClient::new(channel);
    let requests = tokio_stream::iter(hellos(["Ada", "Grace"]));
    let replies = unqualified
        .bidi_hello(requests)
        .await
        .expect("response stream");
    let replies: Result<Vec<_>, _> = replies.into_inner().collect().await;
    let replies: Vec<_> = replies.expect("clean end");
    // Unqualified `SayHello` has no exclamation mark; all other methods have one.
    assert_eq!(replies[0].message, "Hello, Ada!");
    assert_eq!(replies.len(), 2);
}

#[tokio::test]
async fn the_size_limit_applies_to_each_message_of_a_stream() {
    let server = Server::start_with(|settings| settings.max_request_bytes = 300).await;
    let mut greeter = server.greeter().await;
    let long = "x".repeat(200);
    let requests = tokio_stream::iter(hellos(std::iter::repeat_n(&long[..], 50)));
    let replies = greeter.bidi_hello(requests).await.expect("response stream");
    assert_eq!(replies.into_inner().collect::<Vec<_>>().await.len(), 50);
    let longer = "x".repeat(400);
    let requests = tokio_stream::iter(hellos(["Ada", &longer]));
    let replies = greeter.bidi_hello(requests).await.expect("response stream");
    let replies: Vec<_> = replies.into_inner().collect().await;
    let status = replies[1].as_ref().expect_err("message too large");
    assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
}

#[tokio::test]
async fn grpc_web_replies_to_a_request_stream_once_it_is_complete() {
    let server = Server::start().await;
    let body: Vec<u8> = hellos(["Ada", "Grace", "Linus"])
        .iter()
        .flat_map(frame_message)
        .collect();
    for version in BOTH {
        let client = server.http(version);
        let web = "application/grpc-web+proto";
        for (path, replies) in [
            (
                "/greeter.Greeter/LotsOfGreetings",
                &["Hello, Ada, Grace and Linus!"][..],
            ),
            (
                "/greeter.Greeter/BidiHello",
                &["Hello, Ada!", "Hello, Grace!", "Hello, Linus!"],
            ),
        ] {
            let response = client.post(path, web, body.clone()).await;
            assert_eq!(response.grpc_status(), Some(0), "{path}");
            let frames = parse_frames(&response.body);
            let (_trailers, frames) = frames.split_last().expect("trailers");
            let messages = messages::<HelloReply>(frames).into_iter();
            let messages: Vec<_> = messages.map(|reply| reply.message).collect();
            assert_eq!(messages, replies);
        }
        let empty = client
            .post("/greeter.Greeter/LotsOfGreetings", web, Vec::new())
            .await;
        assert_eq!(empty.grpc_status(), Some(3));
    }
}
