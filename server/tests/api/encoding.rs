//! Content coding of lists in gRPC-Web: the same frames in fewer bytes, for those who want them.

use std::io::Read;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use bytes::Bytes;
use frontdesk::{
    greeter::HelloRequest,
    user::{ListUsersRequest, UserRequest},
};
use frontdesk_server::config::ListCompression;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::{net::TcpStream, time::timeout};

use crate::helpers::{
    Answer, Frame, IN_TIME, Server, Socket, Version, Wire, frames, gets_a_place, has_a_place,
    message,
};

const BOTH: [Version; 2] = [Version::Http1, Version::Http2];
const WEB: &str = "application/grpc-web+proto";
const TEXT: &str = "application/grpc-web-text+proto";
const NATIVE: &str = "application/grpc";
const LIST: &str = "/user.UserService/ListUsers";
const ALL: &str = "gzip, deflate, br, zstd";

/// A desk that compresses for everybody: the tests are not on another machine.
async fn desk() -> Server {
    desk_with(1_024).await
}

async fn desk_with(max_calls: u32) -> Server {
    Server::open_with(|settings| {
        settings.list_compression = ListCompression::Always;
        settings.max_calls = max_calls;
    })
    .await
}

fn everybody() -> Vec<u8> {
    message(&ListUsersRequest::default())
}

async fn ask(
    (desk, version): (&Server, Version),
    path: &str,
    content_type: &str,
    accept: &str,
    body: Vec<u8>,
) -> Answer {
    let wire = Wire {
        address: desk.address,
        version,
    };
    let headers = [("content-type", content_type), ("accept-encoding", accept)];
    wire.send(Method::POST, path, &headers, body).await
}

/// As much as can be decoded of this.
fn decode(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut reader: Box<dyn Read + '_> = match encoding {
        "br" => Box::new(brotli::Decompressor::new(bytes, 4_096)),
        "gzip" => Box::new(flate2::read::GzDecoder::new(bytes)),
        "zstd" => Box::new(zstd::stream::read::Decoder::new(bytes).expect("a decoder")),
        other => panic!("{other:?}"),
    };
    let mut decoded = Vec::new();
    let mut part = [0; 1_024];
    while let Ok(read @ 1..) = reader.read(&mut part) {
        decoded.extend_from_slice(&part[..read]);
    }
    decoded
}

/// The rows in what may break off anywhere.
fn rows(mut bytes: &[u8]) -> usize {
    let mut rows = 0;
    while let Some((head, rest)) = bytes.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let Some(rest) = rest.get(length as usize..) else {
            break;
        };
        rows += usize::from(head[0] == 0);
        bytes = rest;
    }
    rows
}

#[tokio::test]
async fn a_list_decodes_to_the_same_frames_whatever_it_was_encoded_by() {
    let desk = desk().await;
    for version in BOTH {
        let plain = ask((&desk, version), LIST, WEB, "", everybody()).await;
        assert_eq!(plain.header("content-encoding"), "");
        assert_eq!(plain.header("vary"), "accept-encoding");
        assert_eq!(frames(&plain.body).len(), 1_001);
        for encoding in ["br", "gzip", "zstd"] {
            let answer = ask((&desk, version), LIST, WEB, encoding, everybody()).await;
            assert_eq!(answer.header("content-encoding"), encoding);
            assert_eq!(answer.header("vary"), "accept-encoding");
            assert_eq!(answer.header("content-length"), "");
            assert_eq!(answer.header("content-type"), WEB);
            assert_eq!(answer.header("x-total-count"), "1000");
            let decoded = Bytes::from(decode(encoding, &answer.body));
            // The trailers are the last of them.
            assert!(decoded == plain.body, "{encoding} over {version:?}");
            let (sent, plain) = (answer.body.len(), plain.body.len());
            assert!(sent < plain / 2, "{encoding}: {sent} of {plain} bytes");
        }
    }
}

#[tokio::test]
async fn a_client_gets_what_it_takes_and_nothing_else() {
    let desk = desk().await;
    for (accept, encoding) in [
        ("br;q=0, gzip", "gzip"),
        ("zstd;q=0.2, br;q=0.4, gzip;q=0.3", "br"),
        ("x-gzip", "gzip"),
        ("gzip;q=0, br;q=0.0, zstd;q=0.000", ""),
        ("*;q=0", ""),
        ("deflate, compress, unheard-of", ""),
        ("identity", ""),
    ] {
        let answer = ask((&desk, Version::Http1), LIST, WEB, accept, everybody()).await;
        assert_eq!(answer.header("content-encoding"), encoding, "{accept}");
        let body = match encoding {
            "" => answer.body,
            encoding => decode(encoding, &answer.body).into(),
        };
        assert_eq!(frames(&body).len(), 1_001, "{accept}");
    }
}

#[tokio::test]
async fn what_is_short_is_left_alone() {
    let desk = desk().await;
    let page = |page, page_size| {
        message(&ListUsersRequest {
            page,
            page_size,
            ..ListUsersRequest::default()
        })
    };
    let ada = message(&HelloRequest { name: "Ada".into() });
    for (path, request, status) in [
        ("/greeter.Greeter/SayHello", ada.clone(), 0),
        ("/greeter.Greeter/LotsOfReplies", ada, 0),
        (LIST, page(1, 50), 0),
        (LIST, page(9_999, 50), 0),
        (LIST, page(-1, 0), 3),
        (
            "/user.UserService/GetUser",
            message(&UserRequest { id: 0 }),
            5,
        ),
    ] {
        for version in BOTH {
            let answer = ask((&desk, version), path, WEB, ALL, request.clone()).await;
            assert_eq!(answer.header("content-encoding"), "", "{path}");
            assert_eq!(answer.header("vary"), "", "{path}");
            assert_eq!(answer.grpc_status(), Some(status), "{path}");
        }
    }
}

#[tokio::test]
async fn text_native_calls_and_sockets_are_left_alone() {
    let desk = desk().await;
    let text = BASE64.encode(everybody()).into_bytes();
    for (version, content_type, request) in [
        (Version::Http1, TEXT, text.clone()),
        (Version::Http2, TEXT, text),
        (Version::Http2, NATIVE, everybody()),
    ] {
        let answer = ask((&desk, version), LIST, content_type, ALL, request).await;
        assert_eq!(answer.header("content-encoding"), "", "{content_type}");
        assert_eq!(answer.header("vary"), "", "{content_type}");
        assert_eq!(answer.header("x-total-count"), "1000");
    }
    let accept = format!("accept-encoding: {ALL}\r\n");
    let mut socket = Socket::call_with(desk.address, LIST, &accept).await;
    socket.bytes(&everybody()).await;
    socket.end().await;
    assert!(!socket.headers().await.contains_key("content-encoding"));
    let heard = socket.rest().await;
    assert_eq!((heard.messages.len(), heard.status()), (1_000, Some(0)));
}

#[tokio::test]
async fn nobody_on_this_machine_gets_anything_encoded_unless_it_is_asked_for() {
    for (peers, encoded) in [
        (None, ""),
        (Some(ListCompression::Never), ""),
        (Some(ListCompression::Remote), ""),
        (Some(ListCompression::Always), "gzip"),
    ] {
        let desk = Server::open_with(|settings| {
            settings.list_compression = peers.unwrap_or(settings.list_compression);
        })
        .await;
        let answer = ask((&desk, Version::Http1), LIST, WEB, "gzip", everybody()).await;
        assert_eq!(answer.header("content-encoding"), encoded, "{peers:?}");
    }
}

#[tokio::test]
async fn a_page_of_another_origin_gets_it_too() {
    let desk = Server::open_with(|settings| {
        settings.list_compression = ListCompression::Always;
        settings.allow_origin = vec!["https://desk.example".into()];
    })
    .await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
    let headers = [
        ("content-type", WEB),
        ("accept-encoding", "gzip"),
        ("origin", "https://desk.example"),
    ];
    let answer = wire.send(Method::POST, LIST, &headers, everybody()).await;
    assert_eq!(answer.header("content-encoding"), "gzip");
    let allowed = answer.header("access-control-allow-origin");
    assert_eq!(allowed, "https://desk.example");
    let vary = answer.headers.get_all("vary").iter();
    let vary: Vec<_> = vary.map(|it| it.to_str().expect("text")).collect();
    assert!(vary.contains(&"accept-encoding"), "{vary:?}");
    assert!(vary.iter().any(|it| it.contains("origin")), "{vary:?}");
}

/// Asks for everybody over HTTP/2, and lets no more than so many bytes of the answer come until it
/// is read.
async fn narrow(desk: &Server, window: u32, headers: &[(&str, &str)]) -> Response<Incoming> {
    let socket = TcpStream::connect(desk.address).await.expect("the server");
    let (mut sender, connection) = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(window)
        .handshake(TokioIo::new(socket))
        .await
        .expect("HTTP/2");
    tokio::spawn(connection);
    let mut request = Request::post(format!("{}{LIST}", desk.url()))
        .header("content-type", WEB)
        .header("accept-encoding", "gzip");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Full::new(Bytes::from(everybody())))
        .expect("a request");
    let answer = sender.send_request(request).await.expect("an answer");
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    answer
}

#[tokio::test]
async fn the_first_rows_are_there_before_the_rest_and_who_goes_then_is_let_go_of() {
    let desk = desk_with(1).await;
    let mut answer = narrow(&desk, 4_096, &[]).await;
    let first = timeout(IN_TIME, answer.body_mut().frame()).await;
    let first = first.expect("in time").expect("a frame");
    let first = first.expect("a good one").into_data().expect("bytes");
    let rows = rows(&decode("gzip", &first));
    assert!(0 < rows && rows < 1_000, "{rows} rows");

    let mut greeter = desk.greeter().await;
    assert!(!has_a_place(&mut greeter).await, "the list has ended");
    drop(answer);
    gets_a_place(&mut greeter).await;
}

#[tokio::test]
async fn a_status_at_the_end_is_encoded_with_the_rest() {
    let desk = desk_with(1).await;
    let answer = narrow(&desk, 4_096, &[("grpc-timeout", "300m")]).await;
    gets_a_place(&mut desk.greeter().await).await;
    let body = timeout(IN_TIME, answer.into_body().collect()).await;
    let body = body.expect("an end").expect("a whole body").to_bytes();
    let mut frames = frames(&decode("gzip", &body).into());
    let Some(Frame::Trailers(trailers)) = frames.pop() else {
        panic!("no trailers");
    };
    assert!(trailers.contains("grpc-status:4"), "{trailers}");
    assert!(!frames.is_empty(), "what was said before is lost");
}
