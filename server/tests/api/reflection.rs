//! Server reflection, v1 and v1alpha.

use tonic::{Response, Status, Streaming};
use tonic_reflection::pb::{
    v1::{
        self, server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    },
    v1alpha,
};

use crate::helpers::{Server, Version};

async fn first_response<T>(responses: Result<Response<Streaming<T>>, Status>) -> T {
    let mut responses = responses.expect("response stream").into_inner();
    let response = responses.message().await.expect("message");
    response.expect("response before the end")
}

#[tokio::test]
async fn all_services_are_listed() {
    let server = Server::start().await;
    let request = v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let responses = ServerReflectionClient::new(server.channel().await)
        .server_reflection_info(tokio_stream::once(request))
        .await;
    let Some(MessageResponse::ListServicesResponse(list)) =
        first_response(responses).await.message_response
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
async fn the_types_of_error_details_are_described() {
    let server = Server::start().await;
    let request = v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::FileContainingSymbol(
            "google.rpc.BadRequest".into(),
        )),
    };
    let responses = ServerReflectionClient::new(server.channel().await)
        .server_reflection_info(tokio_stream::once(request))
        .await;
    let response = first_response(responses).await.message_response;
    assert!(
        matches!(response, Some(MessageResponse::FileDescriptorResponse(_))),
        "{response:?}"
    );
}

#[tokio::test]
async fn v1alpha_clients_find_the_file_of_a_service() {
    use v1alpha::{
        server_reflection_client::ServerReflectionClient,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    };
    let server = Server::start().await;
    let symbol = MessageRequest::FileContainingSymbol("user.UserService".into());
    let request = v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(symbol),
    };
    let responses = ServerReflectionClient::new(server.channel().await)
        .server_reflection_info(tokio_stream::once(request))
        .await;
    let response = first_response(responses).await.message_response;
    assert!(
        matches!(response, Some(MessageResponse::FileDescriptorResponse(_))),
        "{response:?}"
    );
}

#[tokio::test]
async fn an_unknown_name_is_an_error_response_and_the_stream_continues() {
    let server = Server::start().await;
    let cases = [
        (
            Some(MessageRequest::FileContainingSymbol("user.Unknown".into())),
            5,
        ),
        (
            Some(MessageRequest::FileByFilename("unknown.proto".into())),
            5,
        ),
        (
            Some(MessageRequest::AllExtensionNumbersOfType(
                "user.Unknown".into(),
            )),
            5,
        ),
        (None, 3),
        (
            Some(MessageRequest::FileContainingSymbol("UserService".into())),
            0,
        ),
    ];
    let codes = cases.clone().map(|(_, code)| code);
    let requests = cases.map(|(message_request, _)| v1::ServerReflectionRequest {
        host: "frontdesk".into(),
        message_request,
    });
    let mut responses = ServerReflectionClient::new(server.channel().await)
        .server_reflection_info(tokio_stream::iter(requests.clone()))
        .await
        .expect("response stream")
        .into_inner();
    for (request, expected) in requests.into_iter().zip(codes) {
        let response = responses.message().await.expect("open stream");
        let response = response.expect("response to every request");
        let code = match response.message_response {
            Some(MessageResponse::ErrorResponse(error)) => error.error_code,
            _ => 0,
        };
        assert_eq!(code, expected, "{request:?}");
        assert_eq!(response.valid_host, "frontdesk");
        assert_eq!(response.original_request, Some(request));
    }
    assert!(responses.message().await.expect("clean end").is_none());
}

#[tokio::test]
async fn a_malformed_request_is_invalid() {
    let server = Server::start().await;
    let client = server.http(Version::Http2);
    for version in ["v1", "v1alpha"] {
        let path = format!("/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo");
        // The length of the field exceeds the message.
        let body = [0, 0, 0, 0, 2, 0x0a, 0xff];
        let response = client.post(&path, "application/grpc", body.to_vec()).await;
        assert_eq!(response.grpc_status(), Some(3), "{version}");
    }
}
