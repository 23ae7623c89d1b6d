//! Who may open a socket, and how.

use frontdesk::greeter::{HelloReply, HelloRequest};
use http::{HeaderValue, Method, Response};

use crate::helpers::{Server, Socket, Version, Wire, connect, opening};

const PATH: &str = "/greeter.Greeter/SayHello";
const LISTED: &str = "https://desk.example";

async fn desk() -> Server {
    Server::open_with(|settings| settings.allow_origin = vec![LISTED.into()]).await
}

async fn greets(mut socket: Socket) -> bool {
    socket.block("").await;
    socket.send(&HelloRequest { name: "Ada".into() }).await;
    socket.end().await;
    socket.rest().await.decoded::<HelloReply>()[0].message == "Hello, Ada!"
}

/// The answer to an opening with these headers; where there is a socket, it is a good one.
async fn answer(desk: &Server, headers: &[(&'static str, &str)]) -> Response<()> {
    let mut request = opening(desk.address, PATH);
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).expect("a value");
        request.headers_mut().insert(*name, value);
    }
    match Socket::open_with(request, desk.address).await {
        Ok((socket, response)) => {
            assert!(greets(socket).await);
            response
        }
        Err(response) => response.map(drop),
    }
}

#[tokio::test]
async fn pages_of_listed_origins_and_our_own_may_open_one_and_so_may_who_is_no_page() {
    let desk = desk().await;
    let own = desk.url();
    for (origin, status) in [
        (None, 101),
        (Some(LISTED), 101),
        (Some(own.as_str()), 101),
        (Some("https://desk.example.evil.test"), 403),
        (Some("http://desk.example"), 403),
        (Some("null"), 403),
        (Some("http://127.0.0.1:1"), 403),
    ] {
        let origin = origin.map(|origin| ("origin", origin));
        let response = answer(&desk, origin.as_slice()).await;
        assert_eq!(response.status(), status, "{origin:?}");
    }
    // A name that was made to lead here.
    let rebound = [("host", "evil.test"), ("origin", "http://evil.test")];
    assert_eq!(answer(&desk, &rebound).await.status(), 403);
}

#[tokio::test]
async fn an_answer_that_opens_one_names_the_subprotocol_and_the_request() {
    let desk = desk().await;
    let offers = [("sec-websocket-protocol", "chat, grpc-websockets")];
    let response = answer(&desk, &offers).await;
    assert_eq!(response.status(), 101);
    let header = |name: &str| response.headers()[name].to_str().expect("text");
    assert_eq!(header("sec-websocket-protocol"), "grpc-websockets");
    assert_eq!(
        header("sec-websocket-accept"),
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    );
    assert!(!header("x-request-id").is_empty());
    assert!(!response.headers().contains_key("sec-websocket-extensions"));
}

#[tokio::test]
async fn what_is_no_opening_is_refused_in_words_of_http() {
    let desk = desk().await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
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
        let opening = opening(desk.address, PATH);
        let headers = opening.headers().iter().filter_map(|(one, usual)| {
            let is_kept = one != name && one != "host";
            is_kept.then_some((one.as_str(), usual.to_str().ok()?))
        });
        let headers: Vec<_> = headers.chain(value.map(|value| (name, value))).collect();
        let body = match name {
            "content-length" => vec![b'x'; 3],
            _ => Vec::new(),
        };
        let answer = wire.send(Method::GET, PATH, &headers, body).await;
        assert_eq!(answer.status, status, "{name}: {value:?}");
        if status == 426 {
            assert_eq!(answer.header("sec-websocket-version"), "13");
            assert_eq!(answer.header("upgrade"), "websocket");
        }
    }
}

#[tokio::test]
async fn over_http2_the_same_is_refused() {
    let desk = desk().await;
    let response = connect(desk.address, PATH, "chat").await;
    assert_eq!(response.status(), 400);
    let socket = Socket::open_http2(desk.address, PATH).await;
    assert!(greets(socket).await);
}
