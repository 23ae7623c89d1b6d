//! Greetings for many: requests that are streams, native and as far as gRPC-Web goes.

use bytes::Bytes;
use frontdesk::{
    greeter::{HelloReply, HelloRequest},
    unqualified,
};
use prost::Message as _;
use tokio::sync::mpsc;
use tokio_stream::{StreamExt as _, wrappers::ReceiverStream};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use crate::helpers::{Frame, Server, Version, Wire, frames, message};

fn hello(name: &str) -> HelloRequest {
    HelloRequest { name: name.into() }
}

fn hellos<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<HelloRequest> {
    names.into_iter().map(hello).collect()
}

fn refused_field(status: &Status) -> String {
    assert_eq!(status.code(), Code::InvalidArgument, "{status}");
    let details = status.get_details_bad_request().expect("the field");
    let [violation] = &details.field_violations[..] else {
        panic!("{details:?}");
    };
    assert!(!violation.description.is_empty());
    violation.field.clone()
}

#[tokio::test]
async fn one_reply_names_everybody() {
    let desk = Server::open().await;
    let channel = desk.channel().await;
    let mut greeter = desk.greeter().await;
    let mut plain = unqualified::greeter_client::GreeterClient::new(channel);
    for (names, greeting) in [
        (&["Ada"][..], "Hello, Ada!"),
        (&["Ada", " Grace "], "Hello, Ada and Grace!"),
        (&["Ada", "Grace", "Linus"], "Hello, Ada, Grace and Linus!"),
    ] {
        let requests = || tokio_stream::iter(hellos(names.iter().copied()));
        let reply = greeter.lots_of_greetings(requests()).await;
        assert_eq!(reply.expect("a greeting").into_inner().message, greeting);
        let reply = plain.lots_of_greetings(requests()).await;
        assert_eq!(reply.expect("a greeting").into_inner().message, greeting);
    }
}

#[tokio::test]
async fn a_name_that_is_none_is_told_by_its_number_and_so_are_too_many_and_nobody() {
    let desk = Server::open().await;
    let mut greeter = desk.greeter().await;
    let thousand = || std::iter::repeat_n("Ada", 1_000);
    for (names, field) in [
        (vec![], "requests"),
        (vec![""], "requests[0].name"),
        (vec!["Ada", "Grace", "a\nb", ""], "requests[2].name"),
        (thousand().chain(["Grace"]).collect(), "requests"),
    ] {
        let requests = tokio_stream::iter(hellos(names));
        let refused = greeter.lots_of_greetings(requests).await;
        assert_eq!(refused_field(&refused.expect_err("a refusal")), field);
    }
    let requests = tokio_stream::iter(hellos(thousand()));
    let reply = greeter.lots_of_greetings(requests).await;
    assert!(reply.expect("it fits").into_inner().message.len() > 3_000);
}

#[tokio::test]
async fn a_conversation_is_answered_line_by_line_and_a_bad_line_ends_it() {
    let desk = Server::open().await;
    let mut greeter = desk.greeter().await;
    let (say, requests) = mpsc::channel(1);
    let replies = greeter.bidi_hello(ReceiverStream::new(requests)).await;
    let mut replies = replies.expect("a stream").into_inner();
    for name in ["Ada", "Grace", "Linus"] {
        say.send(hello(name)).await.expect("it listens");
        let reply = replies
            .next()
            .await
            .expect("an answer")
            .expect("a greeting");
        assert_eq!(reply.message, format!("Hello, {name}!"));
    }
    say.send(hello("")).await.expect("it listens");
    let status = replies.next().await.expect("an end").expect_err("no name");
    assert_eq!(refused_field(&status), "requests[3].name");
    assert!(replies.next().await.is_none());
}

#[tokio::test]
async fn a_conversation_that_is_ended_by_its_client_ends_well() {
    let desk = Server::open().await;
    let plain = desk.channel().await;
    let mut plain = unqualified::greeter_client::GreeterClient::new(plain);
    let requests = tokio_stream::iter(hellos(["Ada", "Grace"]));
    let replies = plain.bidi_hello(requests).await.expect("a stream");
    let replies: Result<Vec<_>, _> = replies.into_inner().collect().await;
    let replies: Vec<_> = replies.expect("a good end");
    // With the exclamation mark: only `SayHello` never had one.
    assert_eq!(replies[0].message, "Hello, Ada!");
    assert_eq!(replies.len(), 2);
}

#[tokio::test]
async fn a_stream_may_have_more_bytes_than_one_request() {
    let desk = Server::open_with(|settings| settings.max_request_bytes = 300).await;
    let mut greeter = desk.greeter().await;
    let long = "x".repeat(200);
    let requests = tokio_stream::iter(hellos(std::iter::repeat_n(&long[..], 50)));
    let replies = greeter.bidi_hello(requests).await.expect("a stream");
    assert_eq!(replies.into_inner().collect::<Vec<_>>().await.len(), 50);
    // But no message of it may.
    let longer = "x".repeat(400);
    let requests = tokio_stream::iter(hellos(["Ada", &longer]));
    let replies = greeter.bidi_hello(requests).await.expect("a stream");
    let replies: Vec<_> = replies.into_inner().collect().await;
    let status = replies[1].as_ref().expect_err("too large");
    assert_eq!(status.code(), Code::ResourceExhausted, "{status}");
}

/// The messages of a gRPC-Web answer.
fn messages(body: &Bytes) -> Vec<String> {
    let message = |frame| match frame {
        Frame::Message(bytes) => Some(HelloReply::decode(bytes).expect("a reply").message),
        Frame::Trailers(_) => None,
    };
    frames(body).into_iter().filter_map(message).collect()
}

#[tokio::test]
async fn over_grpc_web_the_whole_request_is_there_first() {
    let desk = Server::open().await;
    let body: Vec<u8> = hellos(["Ada", "Grace", "Linus"])
        .iter()
        .flat_map(message)
        .collect();
    for version in [Version::Http1, Version::Http2] {
        let wire = Wire {
            address: desk.address,
            version,
        };
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
            let answer = wire.post(path, web, body.clone()).await;
            assert_eq!(answer.grpc_status(), Some(0), "{path}");
            assert_eq!(messages(&answer.body), replies);
        }
        let nobody = wire
            .post("/greeter.Greeter/LotsOfGreetings", web, Vec::new())
            .await;
        assert_eq!(nobody.grpc_status(), Some(3));
    }
}
