//! Which pages may call.

use frontdesk::greeter::HelloRequest;
use http::Method;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::helpers::{Answer, Server, Version, Wire, message};

const LISTED: &str = "https://desk.example";
const PATH: &str = "/greeter.Greeter/SayHello";

async fn desk() -> Server {
    Server::open_with(|settings| settings.allow_origin = vec![LISTED.into()]).await
}

async fn preflight(desk: &Server, origin: &str) -> Answer {
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "content-type,x-grpc-web,x-mine",
        ),
    ];
    wire.send(Method::OPTIONS, PATH, &headers, Vec::new()).await
}

async fn call(desk: &Server, origin: &str, name: &str) -> Answer {
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
    let headers = [
        ("origin", origin),
        ("content-type", "application/grpc-web+proto"),
    ];
    let body = message(&HelloRequest { name: name.into() });
    wire.send(Method::POST, PATH, &headers, body).await
}

#[tokio::test]
async fn a_listed_origin_may_call_and_send_what_it_asks_for() {
    let desk = desk().await;
    let answer = preflight(&desk, LISTED).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), LISTED);
    assert_eq!(answer.header("access-control-allow-methods"), "POST");
    assert_eq!(
        answer.header("access-control-allow-headers"),
        "content-type,x-grpc-web,x-mine"
    );
    assert_eq!(answer.header("access-control-max-age"), "7200");
    assert!(answer.header("vary").contains("origin"));
}

#[tokio::test]
async fn a_listed_origin_may_read_statuses_of_every_kind() {
    let desk = desk().await;
    for (name, status) in [("Ada", 0), ("", 3)] {
        let answer = call(&desk, LISTED, name).await;
        assert_eq!(answer.grpc_status(), Some(status));
        assert_eq!(answer.header("access-control-allow-origin"), LISTED);
        let exposed = answer.header("access-control-expose-headers");
        for header in [
            "grpc-status",
            "grpc-message",
            "grpc-status-details-bin",
            "x-total-count",
            "x-revision",
            "x-next-page-token",
            "x-request-id",
        ] {
            assert!(exposed.contains(header), "{header}");
        }
    }
}

#[tokio::test]
async fn an_unlisted_origin_is_told_nothing_that_lets_it_call() {
    let desk = desk().await;
    for origin in [
        "https://evil.example",
        "http://desk.example",
        "null",
        "https://desk.example.evil.test",
    ] {
        let answer = preflight(&desk, origin).await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        let answer = call(&desk, origin, "Ada").await;
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
    }
}

#[tokio::test]
async fn a_refusal_of_http_can_be_read_by_a_listed_origin_too() {
    let desk = desk().await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
    let headers = [("origin", LISTED), ("content-type", "application/json")];
    let answer = wire.send(Method::POST, PATH, &headers, Vec::new()).await;
    assert_eq!(answer.status, 415);
    assert_eq!(answer.header("access-control-allow-origin"), LISTED);
}

#[tokio::test]
async fn a_name_that_was_made_to_lead_here_is_refused() {
    let desk = desk().await;
    let mut socket = TcpStream::connect(desk.address).await.expect("the server");
    let request = "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: evil.test\r\n\
                   origin: http://evil.test\r\ncontent-type: application/grpc-web\r\n\
                   content-length: 0\r\nconnection: close\r\n\r\n";
    socket.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}
