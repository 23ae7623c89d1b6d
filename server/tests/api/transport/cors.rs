//! Which pages may call: `--allow-origin`.

use frontdesk::greeter::HelloRequest;
use http::Method;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::helpers::{HttpResponse, Server, Version, frame_message};

const ALLOWED: &str = "https://app.example";
const PATH: &str = "/greeter.Greeter/SayHello";

async fn start_server() -> Server {
    Server::start_with(|settings| settings.allow_origin = vec![ALLOWED.into()]).await
}

async fn preflight(server: &Server, origin: &str) -> HttpResponse {
    let client = server.http(Version::Http1);
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "content-type,x-grpc-web,x-mine",
        ),
    ];
    client
        .send(Method::OPTIONS, PATH, &headers, Vec::new())
        .await
}

async fn call(server: &Server, origin: &str, name: &str) -> HttpResponse {
    let client = server.http(Version::Http1);
    let headers = [
        ("origin", origin),
        ("content-type", "application/grpc-web+proto"),
    ];
    let body = frame_message(&HelloRequest { name: name.into() });
    client.send(Method::POST, PATH, &headers, body).await
}

#[tokio::test]
async fn an_allowed_origin_may_send_the_headers_that_it_requests() {
    let server = start_server().await;
    let response = preflight(&server, ALLOWED).await;
    assert_eq!(response.status, 200);
    assert_eq!(response.header("access-control-allow-origin"), ALLOWED);
    assert_eq!(response.header("access-control-allow-methods"), "POST");
    assert_eq!(
        response.header("access-control-allow-headers"),
        "content-type,x-grpc-web,x-mine"
    );
    assert_eq!(response.header("access-control-max-age"), "7200");
    assert!(response.header("vary").contains("origin"));
}

#[tokio::test]
async fn an_allowed_origin_may_read_statuses_and_metadata() {
    let server = start_server().await;
    for (name, status) in [("Ada", 0), ("", 3)] {
        let response = call(&server, ALLOWED, name).await;
        assert_eq!(response.grpc_status(), Some(status));
        assert_eq!(response.header("access-control-allow-origin"), ALLOWED);
        let exposed = response.header("access-control-expose-headers");
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
async fn another_origin_gets_no_cors_headers() {
    let server = start_server().await;
    for origin in [
        "https://evil.example",
        "http://app.example",
        "null",
        "https://app.example.evil.test",
    ] {
        let response = preflight(&server, origin).await;
        assert_eq!(
            response.header("access-control-allow-origin"),
            "",
            "{origin}"
        );
        let response = call(&server, origin, "Ada").await;
        assert_eq!(
            response.header("access-control-allow-origin"),
            "",
            "{origin}"
        );
    }
}

#[tokio::test]
async fn an_allowed_origin_may_read_http_errors() {
    let server = start_server().await;
    let client = server.http(Version::Http1);
    let headers = [("origin", ALLOWED), ("content-type", "application/json")];
    let response = client.send(Method::POST, PATH, &headers, Vec::new()).await;
    assert_eq!(response.status, 415);
    assert_eq!(response.header("access-control-allow-origin"), ALLOWED);
}

#[tokio::test]
async fn a_rebound_host_name_is_rejected() {
    let server = start_server().await;
    let mut socket = TcpStream::connect(server.address).await.expect("connected");
    let request = "POST /greeter.Greeter/SayHello HTTP/1.1\r\nhost: evil.test\r\n\
                   origin: http://evil.test\r\ncontent-type: application/grpc-web\r\n\
                   content-length: 0\r\nconnection: close\r\n\r\n";
    socket.write_all(request.as_bytes()).await.expect("written");
    let mut response = String::new();
    socket
        .read_to_string(&mut response)
        .await
        .expect("response");
    assert!(response.starts_with("HTTP/1.1 403"), "{response}");
}
