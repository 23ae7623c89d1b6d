//! The same watch over gRPC-Web and over a WebSocket, with a package and without.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use frontdesk::user::UserRequest;
use http::Method;
use prost::Message as _;
use tonic::{IntoRequest as _, client::Grpc};
use tonic_prost::ProstCodec;

use super::*;
use crate::helpers::{Answer, Frame, Socket, Version, Wire, frames, message};

const PATHS: [&str; 2] = ["/user.UserService/WatchUsers", "/UserService/WatchUsers"];
const OUT_OF_RANGE: i32 = 11;

/// A watch that ends at its deadline, as bytes.
async fn web(desk: &Server, version: Version, path: &str, request: &WatchUsersRequest) -> Answer {
    let wire = Wire {
        address: desk.address,
        version,
    };
    let headers = [
        ("content-type", "application/grpc-web+proto"),
        ("grpc-timeout", "1S"),
    ];
    wire.send(Method::POST, path, &headers, message(request))
        .await
}

#[tokio::test]
async fn grpc_web_has_the_same_events() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    delete(&mut users, 7).await;
    for version in [Version::Http1, Version::Http2] {
        for path in PATHS {
            let answer = web(&desk, version, path, &from(FIRST)).await;
            let mut frames = frames(&answer.body);
            assert!(matches!(frames.pop(), Some(Frame::Trailers(_))), "{path}");
            let events: Vec<_> = frames
                .into_iter()
                .map(|frame| match frame {
                    Frame::Message(bytes) => UserEvent::decode(bytes).expect("an event"),
                    Frame::Trailers(text) => panic!("trailers in the middle: {text}"),
                })
                .map(|event| (event.revision, event.kind()))
                .collect();
            let expected = [(FIRST + 1, Kind::Deleted), (FIRST + 1, Kind::Bookmark)];
            assert_eq!(events, expected, "{version:?} {path}");
            assert_eq!(answer.grpc_status(), Some(4), "its deadline");
        }
    }
}

#[tokio::test]
async fn a_socket_has_the_same_events_as_they_come() {
    let desk = Server::open().await;
    let mut users = desk.users().await;
    for version in [Version::Http1, Version::Http2] {
        for path in PATHS {
            let mut socket = Socket::open_by(version, desk.address, path).await;
            socket.block("").await;
            socket.send(&WatchUsersRequest::default()).await;
            socket.end().await;
            // They leave at once, whatever comes.
            socket.headers().await;
            let bookmark: UserEvent = socket.message().await;
            assert_eq!(bookmark.kind(), Kind::Bookmark);
            let renamed = rename(&mut users, 7, &format!("{version:?} {path}")).await;
            let event: UserEvent = socket.message().await;
            assert_eq!(event.revision, bookmark.revision + 1);
            assert_eq!(event.user, Some(renamed));
        }
    }
}

#[tokio::test]
async fn a_path_without_a_package_is_the_same_watch() {
    let desk = Server::open().await;
    let mut plain = Grpc::new(desk.channel().await);
    plain.ready().await.expect("the server");
    let codec = ProstCodec::<WatchUsersRequest, UserEvent>::default();
    let path = http::uri::PathAndQuery::from_static(PATHS[1]);
    let watch = plain.server_streaming(from(FIRST - 1).into_request(), path, codec);
    let mut watch = watch.await.expect("a watch").into_inner();
    assert_eq!(told(&mut watch).await, (FIRST, Kind::Created, 1_000));
    assert_eq!(told(&mut watch).await, (FIRST, Kind::Bookmark, 0));
}

#[tokio::test]
async fn out_of_range_has_the_same_details_everywhere() {
    let desk = forgetful().await;
    let mut users = desk.users().await;
    let native = users.watch_users(from(0)).await.expect_err("a refusal");
    let details = STANDARD_NO_PAD.encode(native.details());
    for path in PATHS {
        for version in [Version::Http1, Version::Http2] {
            let answer = web(&desk, version, path, &from(0)).await;
            assert_eq!(answer.grpc_status(), Some(OUT_OF_RANGE));
            let said = answer.header("grpc-status-details-bin");
            assert_eq!(said.trim_end_matches('='), details);

            let mut socket = Socket::open_by(version, desk.address, path).await;
            socket.block("").await;
            socket.send(&from(0)).await;
            socket.end().await;
            let heard = socket.rest().await;
            assert_eq!(heard.status(), Some(OUT_OF_RANGE));
            let said = heard.trailer("grpc-status-details-bin");
            assert_eq!(said.trim_end_matches('='), details);
        }
    }
}

#[tokio::test]
async fn a_request_is_bounded_like_any_other() {
    let desk = Server::open_with(|settings| settings.max_request_bytes = 1_000).await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http2,
    };
    let huge = WatchUsersRequest {
        query: "x".repeat(2_000),
        ..WatchUsersRequest::default()
    };
    let broken = b"\x00\x00\x00\x00\x01\xff".to_vec();
    for path in PATHS {
        let answer = wire.post(path, "application/grpc", message(&huge)).await;
        assert_eq!(answer.grpc_status(), Some(8), "{path}");
        let answer = wire.post(path, "application/grpc", broken.clone()).await;
        assert_eq!(answer.grpc_status(), Some(3), "{path}");
    }
    // What is behind the method is no method.
    let path = "/user.UserService/x/WatchUsers";
    let request = message(&UserRequest { id: 1 });
    let answer = wire.post(path, "application/grpc", request).await;
    assert_eq!(answer.grpc_status(), Some(12));
}
