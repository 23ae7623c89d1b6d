//! The suite's service.

use std::pin::Pin;

use futures_core::Stream;
use futures_util::stream::unfold;
use tonic::{Request, Response, Status, Streaming, async_trait};

use super::{
    bidi,
    responses::{delay, end_of_stream, request_info, single, streaming, to_any},
};
use crate::proto::{
    BidiStreamRequest, BidiStreamResponse, ClientStreamRequest, ClientStreamResponse,
    ConformancePayload, IdempotentUnaryRequest, IdempotentUnaryResponse, ServerStreamRequest,
    ServerStreamResponse, StreamResponseDefinition, UnaryRequest, UnaryResponse,
    UnimplementedRequest, UnimplementedResponse, conformance_payload::RequestInfo,
    conformance_service_server::ConformanceService,
};

type ResponseStream<M> = Pin<Box<dyn Stream<Item = Result<M, Status>> + Send>>;

/// Responds as each request defines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conformance;

#[async_trait]
impl ConformanceService for Conformance {
    type ServerStreamStream = ResponseStream<ServerStreamResponse>;
    type BidiStreamStream = ResponseStream<BidiStreamResponse>;

    async fn unary(
        &self,
        request: Request<UnaryRequest>,
    ) -> Result<Response<UnaryResponse>, Status> {
        let mut info = request_info(&request);
        let request = request.into_inner();
        info.requests.push(to_any(&request)?);
        single(request.response_definition, info, |payload| UnaryResponse {
            payload: Some(payload),
        })
        .await
    }

    async fn idempotent_unary(
        &self,
        request: Request<IdempotentUnaryRequest>,
    ) -> Result<Response<IdempotentUnaryResponse>, Status> {
        let mut info = request_info(&request);
        let request = request.into_inner();
        info.requests.push(to_any(&request)?);
        single(request.response_definition, info, |payload| {
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
        let mut info = request_info(&request);
        let mut requests = request.into_inner();
        let mut definition = None;
        while let Some(request) = requests.message().await? {
            info.requests.push(to_any(&request)?);
            if info.requests.len() == 1 {
                definition = request.response_definition;
            }
        }
        single(definition, info, |payload| ClientStreamResponse {
            payload: Some(payload),
        })
        .await
    }

    async fn server_stream(
        &self,
        request: Request<ServerStreamRequest>,
    ) -> Result<Response<Self::ServerStreamStream>, Status> {
        let mut info = request_info(&request);
        let request = request.into_inner();
        info.requests.push(to_any(&request)?);
        let definition = request.response_definition.unwrap_or_default();
        let headers = definition.response_headers.clone();
        streaming(Box::pin(all_responses(definition, info)), &headers)
    }

    async fn bidi_stream(
        &self,
        request: Request<Streaming<BidiStreamRequest>>,
    ) -> Result<Response<Self::BidiStreamStream>, Status> {
        let info = request_info(&request);
        let mut requests = request.into_inner();
        // The first request defines the response headers.
        let first = requests.message().await?;
        let responses = bidi::Responses::new(first, requests, info)?;
        let headers = responses.definition().response_headers.clone();
        let responses: Self::BidiStreamStream =
            Box::pin(unfold(responses, |mut responses| async {
                Some((responses.next().await?, responses))
            }));
        streaming(responses, &headers)
    }

    async fn unimplemented(
        &self,
        _: Request<UnimplementedRequest>,
    ) -> Result<Response<UnimplementedResponse>, Status> {
        Err(Status::unimplemented("this method is not implemented"))
    }
}

/// All responses of a server stream, each after its delay, then the status.
fn all_responses(
    definition: StreamResponseDefinition,
    info: RequestInfo,
) -> impl Stream<Item = Result<ServerStreamResponse, Status>> + Send {
    let start = Some((definition, Some(info), 0));
    unfold(start, |state| async {
        let (definition, info, sent) = state?;
        let Some(data) = definition.response_data.get(sent).cloned() else {
            let status = end_of_stream(&definition, info).unwrap_or_else(|status| status);
            return Some((Err(status), None));
        };
        delay(definition.response_delay_ms).await;
        let payload = Some(ConformancePayload {
            data,
            request_info: info,
        });
        let response = ServerStreamResponse { payload };
        Some((Ok(response), Some((definition, None, sent + 1))))
    })
}
