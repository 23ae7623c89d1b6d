//! The suite's service.

use std::pin::Pin;

use futures_core::Stream;
use futures_util::stream::unfold;
use tonic::{Request, Response, Status, Streaming, async_trait};

use super::{
    bidi,
    replies::{any, end, info, one, pause, streamed},
};
use crate::wire::{
    BidiStreamRequest, BidiStreamResponse, ClientStreamRequest, ClientStreamResponse,
    ConformancePayload, IdempotentUnaryRequest, IdempotentUnaryResponse, ServerStreamRequest,
    ServerStreamResponse, StreamResponseDefinition, UnaryRequest, UnaryResponse,
    UnimplementedRequest, UnimplementedResponse, conformance_payload::RequestInfo,
    conformance_service_server::ConformanceService,
};

type Replies<M> = Pin<Box<dyn Stream<Item = Result<M, Status>> + Send>>;

/// Answers as each request asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conformance;

#[async_trait]
impl ConformanceService for Conformance {
    type ServerStreamStream = Replies<ServerStreamResponse>;
    type BidiStreamStream = Replies<BidiStreamResponse>;

    async fn unary(
        &self,
        request: Request<UnaryRequest>,
    ) -> Result<Response<UnaryResponse>, Status> {
        let mut info = info(&request);
        let request = request.into_inner();
        info.requests.push(any(&request)?);
        one(request.response_definition, info, |payload| UnaryResponse {
            payload: Some(payload),
        })
        .await
    }

    async fn idempotent_unary(
        &self,
        request: Request<IdempotentUnaryRequest>,
    ) -> Result<Response<IdempotentUnaryResponse>, Status> {
        let mut info = info(&request);
        let request = request.into_inner();
        info.requests.push(any(&request)?);
        one(request.response_definition, info, |payload| {
            IdempotentUnaryResponse {
                payload: Some(payload),
            }
        })
        .await
    }

    async fn client_stream(
        &self,
        request: Request<Streaming<ClientStreamRequest>>,
    ) -> Result<Response<ClientStreamResponse>, Status> {
        let mut info = info(&request);
        let mut requests = request.into_inner();
        let mut definition = None;
        while let Some(request) = requests.message().await? {
            info.requests.push(any(&request)?);
            if info.requests.len() == 1 {
                definition = request.response_definition;
            }
        }
        one(definition, info, |payload| ClientStreamResponse {
            payload: Some(payload),
        })
        .await
    }

    async fn server_stream(
        &self,
        request: Request<ServerStreamRequest>,
    ) -> Result<Response<Self::ServerStreamStream>, Status> {
        let mut info = info(&request);
        let request = request.into_inner();
        info.requests.push(any(&request)?);
        let definition = request.response_definition.unwrap_or_default();
        let headers = definition.response_headers.clone();
        streamed(Box::pin(all(definition, info)), &headers)
    }

    async fn bidi_stream(
        &self,
        request: Request<Streaming<BidiStreamRequest>>,
    ) -> Result<Response<Self::BidiStreamStream>, Status> {
        let info = info(&request);
        let mut requests = request.into_inner();
        // The first says what headers there are to be.
        let first = requests.message().await?;
        let replies = bidi::Replies::new(first, requests, info)?;
        let headers = replies.definition().response_headers.clone();
        let replies: Self::BidiStreamStream = Box::pin(unfold(replies, |mut replies| async {
            Some((replies.next().await?, replies))
        }));
        streamed(replies, &headers)
    }

    async fn unimplemented(
        &self,
        _: Request<UnimplementedRequest>,
    ) -> Result<Response<UnimplementedResponse>, Status> {
        Err(Status::unimplemented("this method is not implemented"))
    }
}

/// All replies to one request, each after its pause, and the end.
fn all(
    definition: StreamResponseDefinition,
    info: RequestInfo,
) -> impl Stream<Item = Result<ServerStreamResponse, Status>> + Send {
    let start = Some((definition, Some(info), 0));
    unfold(start, |state| async {
        let (definition, info, sent) = state?;
        let Some(data) = definition.response_data.get(sent).cloned() else {
            let status = end(&definition, info).unwrap_or_else(|status| status);
            return Some((Err(status), None));
        };
        pause(definition.response_delay_ms).await;
        let payload = Some(ConformancePayload {
            data,
            request_info: info,
        });
        let reply = ServerStreamResponse { payload };
        Some((Ok(reply), Some((definition, None, sent + 1))))
    })
}
