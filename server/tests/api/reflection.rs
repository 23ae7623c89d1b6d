//! Reflection, in both versions that clients speak.

use tonic::{Response, Status, Streaming};
use tonic_reflection::pb::{
    v1::{
        self, server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    },
    v1alpha,
};

use crate::helpers::{Server, Version, Wire};

async fn first<T>(answers: Result<Response<Streaming<T>>, Status>) -> T {
    let mut answers = answers.expect("a stream").into_inner();
    let answer = answers.message().await.expect("a message");
    answer.expect("an answer before the end")
}

#[tokio::test]
async fn every_service_is_named() {
    let desk = Server::open().await;
    let request = v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answers = ServerReflectionClient::new(desk.channel().await)
        .server_reflection_info(tokio_stream::once(request))
        .await;
    let Some(MessageResponse::ListServicesResponse(list)) = first(answers).await.message_response
    else {
        panic!("not a list of services");
    };
    for expected in [
        "Greeter",
        "UserService",
        "greeter.Greeter",
        "grpc.health.v1.Health",
        "user.UserService",
    ] {
        let mut named = list.service.iter().map(|service| &service.name);
        assert!(named.any(|name| name == expected), "{expected}: {list:?}");
    }
}

#[tokio::test]
async fn what_errors_carry_is_described() {
    let desk = Server::open().await;
    let request = v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::FileContainingSymbol(
            "google.rpc.BadRequest".into(),
        )),
    };
    let answers = ServerReflectionClient::new(desk.channel().await)
        .server_reflection_info(tokio_stream::once(request))
        .await;
    let answer = first(answers).await.message_response;
    assert!(
        matches!(answer, Some(MessageResponse::FileDescriptorResponse(_))),
        "{answer:?}"
    );
}

#[tokio::test]
async fn older_clients_find_the_file_of_a_service() {
    use v1alpha::{
        server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    };
    let desk = Server::open().await;
    let symbol = MessageRequest::FileContainingSymbol("user.UserService".into());
    let request = v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(symbol),
    };
    let answers = ServerReflectionClient::new(desk.channel().await)
        .server_reflection_info(tokio_stream::once(request))
        .await;
    let answer = first(answers).await.message_response;
    assert!(
        matches!(answer, Some(MessageResponse::FileDescriptorResponse(_))),
        "{answer:?}"
    );
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_stream_which_goes_on() {
    let desk = Server::open().await;
    let asked = [
        (
            Some(MessageRequest::FileContainingSymbol("user.Nobody".into())),
            5,
        ),
        (
            Some(MessageRequest::FileByFilename("nobody.proto".into())),
            5,
        ),
        (
            Some(MessageRequest::AllExtensionNumbersOfType(
                "user.Nobody".into(),
            )),
            5,
        ),
        (None, 3),
        (
            Some(MessageRequest::FileContainingSymbol("UserService".into())),
            0,
        ),
    ];
    let codes = asked.clone().map(|(_, code)| code);
    let requests = asked.map(|(message_request, _)| v1::ServerReflectionRequest {
        host: "desk".into(),
        message_request,
    });
    let mut answers = ServerReflectionClient::new(desk.channel().await)
        .server_reflection_info(tokio_stream::iter(requests.clone()))
        .await
        .expect("a stream")
        .into_inner();
    for (request, expected) in requests.into_iter().zip(codes) {
        let answer = answers.message().await.expect("no status");
        let answer = answer.expect("an answer to each");
        let code = match answer.message_response {
            Some(MessageResponse::ErrorResponse(error)) => error.error_code,
            _ => 0,
        };
        assert_eq!(code, expected, "{request:?}");
        assert_eq!(answer.valid_host, "desk");
        assert_eq!(answer.original_request, Some(request));
    }
    assert!(answers.message().await.expect("a good end").is_none());
}

#[tokio::test]
async fn a_question_that_cannot_be_read_is_no_success() {
    let desk = Server::open().await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http2,
    };
    for version in ["v1", "v1alpha"] {
        let path = format!("/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo");
        // A field that says that it is longer than the message.
        let body = [0, 0, 0, 0, 2, 0x0a, 0xff];
        let answer = wire.post(&path, "application/grpc", body.to_vec()).await;
        assert_eq!(answer.grpc_status(), Some(3), "{version}");
    }
}
