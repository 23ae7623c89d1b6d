//! `grpc-timeout`.

use frontdesk::{greeter::HelloRequest, user::ListUsersRequest};
use http::Method;
use tokio_stream::StreamExt as _;
use tonic::{Code, Request};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::helpers::{Server, Version, frame_message};

#[tokio::test]
async fn an_expired_deadline_ends_a_stream() {
    let server = Server::start().await;
    // As metadata, so that only the server enforces it.
    let mut health = HealthClient::new(server.channel().await);
    let mut request = Request::new(HealthCheckRequest {
        service: String::new(),
    });
    request
        .metadata_mut()
        .insert("grpc-timeout", "50m".parse().expect("ASCII"));
    let mut watch = health
        .watch(request)
        .await
        .expect("response stream")
        .into_inner();
    assert!(watch.next().await.expect("health status").is_ok());
    let status = watch
        .next()
        .await
        .expect("end of stream")
        .expect_err("deadline exceeded");
    assert_eq!(status.code(), Code::DeadlineExceeded);
    assert!(watch.next().await.is_none());
}

#[tokio::test]
async fn no_call_meets_a_deadline_of_a_nanosecond() {
    let server = Server::start().await;
    // tonic's client would enforce the deadline itself.
    for (version, content_type) in [
        (Version::Http2, "application/grpc"),
        (Version::Http2, "application/grpc-web+proto"),
        (Version::Http1, "application/grpc-web+proto"),
    ] {
        let client = server.http(version);
        let headers = [("content-type", content_type), ("grpc-timeout", "1n")];
        let ada = HelloRequest { name: "Ada".into() };
        // One call waits for the store, the other replies immediately.
        for (path, body) in [
            (
                "/user.UserService/ListUsers",
                frame_message(&ListUsersRequest::default()),
            ),
            ("/greeter.Greeter/SayHello", frame_message(&ada)),
        ] {
            let response = client.send(Method::POST, path, &headers, body).await;
            assert_eq!(response.status, 200);
            assert_eq!(response.grpc_status(), Some(4), "{path}, {content_type}");
        }
    }
}
