//! Which handshakes are accepted.

use frontdesk::greeter::HelloReply;
use http::{HeaderValue, Method, Response};

use super::{SAY_HELLO, hello};
use crate::helpers::{Server, Socket, Version, connect_http2, handshake_request};

const ALLOWED: &str = "https://app.example";

async fn start_server() -> Server {
    Server::start_with(|settings| settings.allow_origin = vec![ALLOWED.into()]).await
}

/// Whether `SayHello` works over this socket.
async fn is_usable(mut socket: Socket) -> bool {
    socket.send_headers("").await;
    socket.send(&hello("Ada")).await;
    socket.finish().await;
    socket.response().await.decode::<HelloReply>()[0].message == "Hello, Ada!"
}

/// The response to a handshake with these headers; an accepted socket is usable.
async fn handshake(server: &Server, headers: &[(&'static str, &str)]) -> Response<()> {
    let mut request = handshake_request(server.address, SAY_HELLO);
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).expect("valid header value");
        request.headers_mut().insert(*name, value);
    }
    match Socket::try_open(request, server.address).await {
        Ok((socket, response)) => {
            assert!(is_usable(socket).await);
            response
        }
        Err(response) => response.map(drop),
    }
}

#[tokio::test]
async fn allowed_origins_the_own_origin_and_clients_without_an_origin_are_accepted() {
    let server = start_server().await;
    let own = server.url();
    for (origin, status) in [
        (None, 101),
        (Some(ALLOWED), 101),
        (Some(own.as_str()), 101),
        (Some("https://app.example.evil.test"), 403),
        (Some("http://app.example"), 403),
        (Some("null"), 403),
        (Some("http://127.0.0.1:1"), 403),
    ] {
        let origin = origin.map(|origin| ("origin", origin));
        let response = handshake(&server, origin.as_slice()).await;
        assert_eq!(response.status(), status, "{origin:?}");
    }
    // DNS rebinding.
    let rebound = [("host", "evil.test"), ("origin", "http://evil.test")];
    assert_eq!(handshake(&server, &rebound).await.status(), 403);
}

#[tokio::test]
async fn the_response_has_the_subprotocol_and_the_request_id() {
    let server = start_server().await;
    let headers = [("sec-websocket-protocol", "chat, grpc-websockets")];
    let response = handshake(&server, &headers).await;
    assert_eq!(response.status(), 101);
    let header = |name: &str| response.headers()[name].to_str().expect("UTF-8");
    assert_eq!(header("sec-websocket-protocol"), "grpc-websockets");
    assert_eq!(
        header("sec-websocket-accept"),
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    );
    assert!(!header("x-request-id").is_empty());
    assert!(!response.headers().contains_key("sec-websocket-extensions"));
}

#[tokio::test]
async fn an_invalid_handshake_is_rejected_with_an_http_status() {
    let server = start_server().await;
    let client = server.http(Version::Http1);
    for (name, value, status) in [
        ("sec-websocket-protocol", None, 400),
        ("sec-websocket-protocol", Some("chat"), 400),
        ("sec-websocket-key", None, 400),
        ("sec-websocket-key", Some("dGhlIHNhbXBsZQ=="), 400),
        ("sec-websocket-key", Some("!!!!!!!!!!!!!!!!!!!!!!=="), 400),
        ("connection", Some("close"), 400),
        ("sec-websocket-version", Some("8"), 426),
        ("sec-websocket-version", None, 426),
        ("upgrade", Some("h2c"), 405),
        ("content-length", Some("3"), 400),
    ] {
        let usual = handshake_request(server.address, SAY_HELLO);
        let headers = usual.headers().iter().filter_map(|(other, value)| {
            let keep = other != name && other != "host";
            keep.then_some((other.as_str(), value.to_str().ok()?))
        });
        let headers: Vec<_> = headers.chain(value.map(|value| (name, value))).collect();
        let body = match name {
            "content-length" => vec![b'x'; 3],
            _ => Vec::new(),
        };
        let response = client.send(Method::GET, SAY_HELLO, &headers, body).await;
        assert_eq!(response.status, status, "{name}: {value:?}");
        if status == 426 {
            assert_eq!(response.header("sec-websocket-version"), "13");
            assert_eq!(response.header("upgrade"), "websocket");
        }
    }
}

#[tokio::test]
async fn http2_handshakes_are_checked_as_well() {
    let server = start_server().await;
    let response = connect_http2(server.address, SAY_HELLO, "chat").await;
    assert_eq!(response.status(), 400);
    let socket = Socket::open_http2(server.address, SAY_HELLO).await;
    assert!(is_usable(socket).await);
}
