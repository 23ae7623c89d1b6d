//! gRPC reflection, v1 and v1alpha: lets grpcurl and similar tools find every method.
//!
//! The messages are those of tonic-reflection, but not its service: that one ends the stream at an
//! unknown symbol, and ends it with `OK` at an invalid request. Clients expect an error response, and
//! continue with the next request.

mod descriptor_index;

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt as _};
use prost::Message;
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_reflection::pb::{
    v1::{
        self, ErrorResponse, ExtensionNumberResponse, FileDescriptorResponse, ListServiceResponse,
        ServerReflectionRequest, ServerReflectionResponse, ServiceResponse,
        server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
    },
    v1alpha,
};

use self::descriptor_index::DescriptorIndex;
use crate::grpc::status;

type ResponseStream<T> = BoxStream<'static, Result<T, Status>>;

pub type V1 = v1::server_reflection_server::ServerReflectionServer<Reflection>;
/// The version that older clients use.
pub type V1Alpha = v1alpha::server_reflection_server::ServerReflectionServer<Reflection>;

/// Describes all services of this binary. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Reflection(Arc<DescriptorIndex>);

impl Reflection {
    /// # Panics
    ///
    /// The embedded descriptor sets are invalid: the build is broken.
    #[must_use]
    pub fn new() -> Self {
        let index = DescriptorIndex::new(&[
            frontdesk::FILE_DESCRIPTOR_SET,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
            // Error details: without it grpcurl prints their bytes instead of their fields.
            tonic_types::pb::FILE_DESCRIPTOR_SET,
            v1::FILE_DESCRIPTOR_SET,
            v1alpha::FILE_DESCRIPTOR_SET,
        ]);
        Self(Arc::new(index.expect("valid descriptor sets")))
    }

    fn respond(&self, request: ServerReflectionRequest) -> ServerReflectionResponse {
        let response = self
            .look_up(request.message_request.as_ref())
            .unwrap_or_else(|(code, error_message)| {
                MessageResponse::ErrorResponse(ErrorResponse {
                    error_code: code.into(),
                    error_message,
                })
            });
        ServerReflectionResponse {
            valid_host: request.host.clone(),
            original_request: Some(request),
            message_response: Some(response),
        }
    }

    fn look_up(&self, request: Option<&MessageRequest>) -> Result<MessageResponse, (Code, String)> {
        let index = &self.0;
        let not_found =
            |kind: &str, name: &str| (Code::NotFound, format!("{kind} `{name}` not found"));
        match request {
            Some(MessageRequest::ListServices(_)) => {
                let names = index.services.iter().cloned();
                let service = names.map(|name| ServiceResponse { name }).collect();
                Ok(MessageResponse::ListServicesResponse(ListServiceResponse {
                    service,
                }))
            }
            Some(MessageRequest::FileByFilename(name)) => index
                .file(name)
                .map(file_response)
                .ok_or_else(|| not_found("file", name)),
            Some(MessageRequest::FileContainingSymbol(name)) => index
                .symbol(name)
                .map(file_response)
                .ok_or_else(|| not_found("symbol", name)),
            Some(MessageRequest::FileContainingExtension(extension)) => {
                let kind = format!("extension {} of message", extension.extension_number);
                Err(not_found(&kind, &extension.containing_type))
            }
            // None of the messages has extensions.
            Some(MessageRequest::AllExtensionNumbersOfType(name)) => index
                .symbol(name)
                .map(|_| {
                    MessageResponse::AllExtensionNumbersResponse(ExtensionNumberResponse {
                        base_type_name: name.clone(),
                        extension_number: Vec::new(),
                    })
                })
                .ok_or_else(|| not_found("message", name)),
            None => Err((
                Code::InvalidArgument,
                "message_request is required".to_owned(),
            )),
        }
    }
}

impl Default for Reflection {
    fn default() -> Self {
        Self::new()
    }
}

fn file_response(file: &Bytes) -> MessageResponse {
    MessageResponse::FileDescriptorResponse(FileDescriptorResponse {
        file_descriptor_proto: vec![file.to_vec()],
    })
}

#[tonic::async_trait]
impl v1::server_reflection_server::ServerReflection for Reflection {
    type ServerReflectionInfoStream = ResponseStream<ServerReflectionResponse>;

    async fn server_reflection_info(
        &self,
        request: Request<Streaming<ServerReflectionRequest>>,
    ) -> Result<Response<Self::ServerReflectionInfoStream>, Status> {
        let reflection = self.clone();
        let responses = request
            .into_inner()
            .map(move |request| Ok(reflection.respond(request?)));
        Ok(Response::new(responses.boxed()))
    }
}

#[tonic::async_trait]
impl v1alpha::server_reflection_server::ServerReflection for Reflection {
    type ServerReflectionInfoStream = ResponseStream<v1alpha::ServerReflectionResponse>;

    async fn server_reflection_info(
        &self,
        request: Request<Streaming<v1alpha::ServerReflectionRequest>>,
    ) -> Result<Response<Self::ServerReflectionInfoStream>, Status> {
        let reflection = self.clone();
        let responses = request.into_inner().map(move |request| {
            let response = reflection.respond(change_version(&request?)?);
            change_version(&response)
        });
        Ok(Response::new(responses.boxed()))
    }
}

/// Converts a message to the other version: they differ only in their package.
fn change_version<A: Message, B: Message + Default>(message: &A) -> Result<B, Status> {
    B::decode(message.encode_to_vec().as_slice()).map_err(|error| {
        tracing::error!(%error, "reflection versions are incompatible");
        status::internal(None)
    })
}
