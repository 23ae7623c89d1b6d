//! The same watch over gRPC-Web, `grpc-websockets` and the unqualified path.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use frontdesk::user::{UserEvent, UserRequest, WatchUsersRequest, user_event::Kind};
use http::Method;
use tonic::{IntoRequest as _, client::Grpc};
use tonic_prost::ProstCodec;

use super::{INITIAL, next_change, start_with_ten_changes, watch_from};
use crate::helpers::{
    BOTH, Frame, HttpResponse, Server, Socket, Version, delete_user, frame_message, messages,
    parse_frames, update_name,
};

const PATHS: [&str; 2] = ["/user.UserService/WatchUsers", "/UserService/WatchUsers"];
const OUT_OF_RANGE: i32 = 11;

/// A watch over gRPC-Web with a deadline of one second.
async fn grpc_web(
    server: &Server,
    version: Version,
    path: &str,
    request: &WatchUsersRequest,
) -> HttpResponse {
    let client = server.http(version);
    let headers = [
        ("content-type", "application/grpc-web+proto"),
        ("grpc-timeout", "1S"),
    ];
    client
        .send(Method::POST, path, &headers, frame_message(request))
        .await
}

#[tokio::test]
async fn grpc_web_receives_the_same_events() {
    let server = Server::start().await;
    let mut users = server.users().await;
    delete_user(&mut users, 7).await;
    for version in BOTH {
        for path in PATHS {
            let response = grpc_web(&server, version, path, &watch_from(INITIAL)).await;
            let mut frames = parse_frames(&response.body);
            assert!(matches!(frames.pop(), Some(Frame::Trailers(_))), "{path}");
            let events: Vec<_> = messages::<UserEvent>(&frames)
                .iter()
                .map(|event| (event.revision, event.kind()))
                .collect();
            let expected = [(INITIAL + 1, Kind::Deleted), (INITIAL + 1, Kind::Bookmark)];
            assert_eq!(events, expected, "{version:?} {path}");
            assert_eq!(response.grpc_status(), Some(4), "deadline exceeded");
        }
    }
}

#[tokio::test]
async fn a_socket_receives_the_same_events_immediately() {
    let server = Server::start().await;
    let mut users = server.users().await;
    for version in BOTH {
        for path in PATHS {
            let mut socket = Socket::start_call_over(version, server.address, path).await;
            socket.send(&WatchUsersRequest::default()).await;
            socket.finish().await;
            // The headers do not wait for the first event.
            socket.receive_headers().await;
            let bookmark: UserEvent = socket.receive().await;
            assert_eq!(bookmark.kind(), Kind::Bookmark);
            let renamed = update_name(&mut users, 7, &format!("{version:?} {path}")).await;
            let event: UserEvent = socket.receive().await;
            assert_eq!(event.revision, bookmark.revision + 1);
            assert_eq!(event.user, Some(renamed));
        }
    }
}

#[tokio::test]
async fn the_unqualified_path_is_the_same_watch() {
    let server = Server::start().await;
    let mut unqualified = Grpc::new(server.channel().await);
    unqualified.ready().await.expect("connected");
    let codec = ProstCodec::<WatchUsersRequest, UserEvent>::default();
    let path = http::uri::PathAndQuery::from_static(PATHS[1]);
    let watch = unqualified.server_streaming(watch_from(INITIAL - 1).into_request(), path, codec);
    let mut watch = watch.await.expect("watch").into_inner();
    assert_eq!(
        next_change(&mut watch).await,
        (INITIAL, Kind::Created, 1_000)
    );
    assert_eq!(next_change(&mut watch).await, (INITIAL, Kind::Bookmark, 0));
}

#[tokio::test]
async fn out_of_range_has_the_same_details_everywhere() {
    let server = start_with_ten_changes().await;
    let mut users = server.users().await;
    let native = users
        .watch_users(watch_from(0))
        .await
        .expect_err("invalid request");
    let details = STANDARD_NO_PAD.encode(native.details());
    for path in PATHS {
        for version in BOTH {
            let response = grpc_web(&server, version, path, &watch_from(0)).await;
            assert_eq!(response.grpc_status(), Some(OUT_OF_RANGE));
            let sent = response.header("grpc-status-details-bin");
            assert_eq!(sent.trim_end_matches('='), details);

            let mut socket = Socket::start_call_over(version, server.address, path).await;
            socket.send(&watch_from(0)).await;
            socket.finish().await;
            let response = socket.response().await;
            assert_eq!(response.status(), Some(OUT_OF_RANGE));
            let sent = response.trailer("grpc-status-details-bin");
            assert_eq!(sent.trim_end_matches('='), details);
        }
    }
}

#[tokio::test]
async fn the_size_limit_applies_to_watch_requests() {
    let server = Server::start_with(|settings| settings.max_request_bytes = 1_000).await;
    let client = server.http(Version::Http2);
    let large = WatchUsersRequest {
        query: "x".repeat(2_000),
        ..WatchUsersRequest::default()
    };
    let broken = b"\x00\x00\x00\x00\x01\xff".to_vec();
    for path in PATHS {
        let response = client
            .post(path, "application/grpc", frame_message(&large))
            .await;
        assert_eq!(response.grpc_status(), Some(8), "{path}");
        let response = client.post(path, "application/grpc", broken.clone()).await;
        assert_eq!(response.grpc_status(), Some(3), "{path}");
    }
    // A path with a segment before the method is unknown.
    let path = "/user.UserService/x/WatchUsers";
    let request = frame_message(&UserRequest { id: 1 });
    let response = client.post(path, "application/grpc", request).await;
    assert_eq!(response.grpc_status(), Some(12));
}
