//! gRPC reflection, v1 and v1alpha: grpcurl and its like find every method by asking.
//!
//! The messages are tonic-reflection's, what answers is not: its service ends the stream where it
//! does not find something, and as if all were well where it can't read the question. Clients expect
//! an answer that says so, and to go on asking.

mod described;

use std::{pin::Pin, sync::Arc};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt as _;
use prost::Message;
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_reflection::pb::{
    v1::{
        self, ErrorResponse, ExtensionNumberResponse, FileDescriptorResponse, ListServiceResponse,
        ServerReflectionRequest, ServerReflectionResponse, ServiceResponse,
        server_reflection_request::MessageRequest as Question,
        server_reflection_response::MessageResponse as Answer,
    },
    v1alpha,
};

use self::described::Described;
use crate::status;

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// Version 1.
pub type V1 = v1::server_reflection_server::ServerReflectionServer<Reflection>;
/// The version that older clients ask.
pub type V1Alpha = v1alpha::server_reflection_server::ServerReflectionServer<Reflection>;

/// Says what this binary's services are. Cloning is shallow.
#[derive(Debug, Clone)]
pub struct Reflection(Arc<Described>);

impl Reflection {
    /// Of all services, health and reflection with them.
    ///
    /// # Panics
    ///
    /// Where the descriptor sets that were built in can't be read: a broken build.
    #[must_use]
    pub fn of_all() -> Self {
        let described = Described::of(&[
            frontdesk::FILE_DESCRIPTOR_SET,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
            // What errors carry: without it grpcurl shows bytes where the field is named.
            tonic_types::pb::FILE_DESCRIPTOR_SET,
            v1::FILE_DESCRIPTOR_SET,
            v1alpha::FILE_DESCRIPTOR_SET,
        ]);
        Self(Arc::new(
            described.expect("the descriptor sets are built in"),
        ))
    }

    fn answer(&self, asked: ServerReflectionRequest) -> ServerReflectionResponse {
        let answer =
            self.look_up(asked.message_request.as_ref())
                .unwrap_or_else(|(code, error_message)| {
                    Answer::ErrorResponse(ErrorResponse {
                        error_code: code.into(),
                        error_message,
                    })
                });
        ServerReflectionResponse {
            valid_host: asked.host.clone(),
            original_request: Some(asked),
            message_response: Some(answer),
        }
    }

    fn look_up(&self, question: Option<&Question>) -> Result<Answer, (Code, String)> {
        let described = &self.0;
        let not_found = |what: &str, name: &str| {
            let words = format!("there is no {what} called `{name}` here");
            (Code::NotFound, words)
        };
        match question {
            Some(Question::ListServices(_)) => {
                let names = described.services.iter().cloned();
                let service = names.map(|name| ServiceResponse { name }).collect();
                Ok(Answer::ListServicesResponse(ListServiceResponse {
                    service,
                }))
            }
            Some(Question::FileByFilename(name)) => described
                .file(name)
                .map(file)
                .ok_or_else(|| not_found("file", name)),
            Some(Question::FileContainingSymbol(name)) => described
                .symbol(name)
                .map(file)
                .ok_or_else(|| not_found("symbol", name)),
            Some(Question::FileContainingExtension(asked)) => {
                let (number, of) = (asked.extension_number, &asked.containing_type);
                Err(not_found(&format!("extension {number} of a message"), of))
            }
            // None of our messages can be extended.
            Some(Question::AllExtensionNumbersOfType(name)) => described
                .symbol(name)
                .map(|_| {
                    Answer::AllExtensionNumbersResponse(ExtensionNumberResponse {
                        base_type_name: name.clone(),
                        extension_number: Vec::new(),
                    })
                })
                .ok_or_else(|| not_found("message", name)),
            None => Err((Code::InvalidArgument, "nothing is asked".to_owned())),
        }
    }
}

fn file(bytes: &Bytes) -> Answer {
    Answer::FileDescriptorResponse(FileDescriptorResponse {
        file_descriptor_proto: vec![bytes.to_vec()],
    })
}

#[tonic::async_trait]
impl v1::server_reflection_server::ServerReflection for Reflection {
    type ServerReflectionInfoStream = Answers<ServerReflectionResponse>;

    async fn server_reflection_info(
        &self,
        request: Request<Streaming<ServerReflectionRequest>>,
    ) -> Result<Response<Self::ServerReflectionInfoStream>, Status> {
        let reflection = self.clone();
        let answers = request
            .into_inner()
            .map(move |asked| Ok(reflection.answer(asked?)));
        Ok(Response::new(Box::pin(answers)))
    }
}

#[tonic::async_trait]
impl v1alpha::server_reflection_server::ServerReflection for Reflection {
    type ServerReflectionInfoStream = Answers<v1alpha::ServerReflectionResponse>;

    async fn server_reflection_info(
        &self,
        request: Request<Streaming<v1alpha::ServerReflectionRequest>>,
    ) -> Result<Response<Self::ServerReflectionInfoStream>, Status> {
        let reflection = self.clone();
        let answers = request
            .into_inner()
            .map(move |asked| same(&reflection.answer(same(&asked?)?)));
        Ok(Response::new(Box::pin(answers)))
    }
}

/// The same message in the other version: they differ in nothing but their package.
fn same<A: Message, B: Message + Default>(message: &A) -> Result<B, Status> {
    B::decode(message.encode_to_vec().as_slice()).map_err(|error| {
        tracing::error!(%error, "the versions of reflection differ");
        status::internal(None)
    })
}
