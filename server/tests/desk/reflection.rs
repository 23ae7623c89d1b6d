//! Reflection, in both versions that clients speak.

use tonic::{Response, Status, Streaming};
use tonic_reflection::pb::{
    v1::{
        self, server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    },
    v1alpha,
};

use crate::helpers::Desk;

async fn first<T>(answers: Result<Response<Streaming<T>>, Status>) -> T {
    let mut answers = answers.expect("a stream").into_inner();
    let answer = answers.message().await.expect("a message");
    answer.expect("an answer before the end")
}

#[tokio::test]
async fn every_service_is_named() {
    let desk = Desk::open().await;
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
    let desk = Desk::open().await;
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
    let desk = Desk::open().await;
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
