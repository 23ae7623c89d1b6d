//! What a reply is made of, whatever the method.

use std::time::Duration;

use frontdesk_transport::timeout;
use prost::Name;
use prost_types::Any;
use tokio::time::sleep;
use tonic::{Code, Request, Response, Status, metadata::MetadataMap};

use super::trailers::Trailers;
use crate::{
    echo,
    wire::{
        ConformancePayload, Header, StreamResponseDefinition, UnaryResponseDefinition,
        conformance_payload::RequestInfo, unary_response_definition::Response as Wanted,
    },
};

/// A message as it is echoed.
pub(super) fn any(message: &impl Name) -> Result<Any, Status> {
    Any::from_msg(message).map_err(|error| Status::internal(error.to_string()))
}

/// What is echoed of a request, its messages left out.
pub(super) fn info<T>(request: &Request<T>) -> RequestInfo {
    let headers = request.metadata().clone().into_headers();
    let timeout = timeout::from_headers(&headers).ok().flatten();
    RequestInfo {
        request_headers: echo::to_headers(request.metadata()),
        timeout_ms: timeout.and_then(|timeout| i64::try_from(timeout.as_millis()).ok()),
        ..RequestInfo::default()
    }
}

/// Waits as long as the suite asks for.
pub(super) async fn pause(ms: u32) {
    if ms > 0 {
        sleep(Duration::from_millis(ms.into())).await;
    }
}

/// The one reply to a unary or a client-streaming call.
pub(super) async fn one<M>(
    definition: Option<UnaryResponseDefinition>,
    info: RequestInfo,
    message: impl FnOnce(ConformancePayload) -> M,
) -> Result<Response<M>, Status> {
    let definition = definition.unwrap_or_default();
    pause(definition.response_delay_ms).await;
    let trailers = metadata(&definition.response_trailers)?;
    let data = match definition.response {
        Some(Wanted::Error(mut error)) => {
            error.details.push(any(&info)?);
            // What ends before its first message has headers and trailers in one block.
            let mut metadata = trailers;
            echo::add_headers(&mut metadata, &definition.response_headers)?;
            return Err(echo::to_status(&error, metadata));
        }
        Some(Wanted::ResponseData(data)) => data,
        None => Vec::new(),
    };
    let mut response = Response::new(message(ConformancePayload {
        data,
        request_info: Some(info),
    }));
    echo::add_headers(response.metadata_mut(), &definition.response_headers)?;
    response.extensions_mut().insert(Trailers(trailers));
    Ok(response)
}

/// How a stream ends, as a stream's last item: tonic takes trailers from statuses only, and one of
/// code `OK` is what says that all went well.
pub(super) fn end(
    definition: &StreamResponseDefinition,
    unsaid: Option<RequestInfo>,
) -> Result<Status, Status> {
    let trailers = metadata(&definition.response_trailers)?;
    let Some(mut error) = definition.error.clone() else {
        return Ok(Status::with_metadata(Code::Ok, "", trailers));
    };
    if let Some(info) = unsaid {
        error.details.push(any(&info)?);
    }
    Ok(echo::to_status(&error, trailers))
}

/// A response whose body is `stream`, with the suite's headers.
pub(super) fn streamed<S>(stream: S, headers: &[Header]) -> Result<Response<S>, Status> {
    let mut response = Response::new(stream);
    echo::add_headers(response.metadata_mut(), headers)?;
    Ok(response)
}

fn metadata(headers: &[Header]) -> Result<MetadataMap, Status> {
    let mut metadata = MetadataMap::new();
    echo::add_headers(&mut metadata, headers)?;
    Ok(metadata)
}
