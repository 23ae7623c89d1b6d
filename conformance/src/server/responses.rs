//! Responses as the suite's requests define them.

use std::time::Duration;

use frontdesk_transport::timeout;
use prost::Name;
use prost_types::Any;
use tokio::time::sleep;
use tonic::{Code, Request, Response, Status, metadata::MetadataMap};

use super::trailers::Trailers;
use crate::{
    convert,
    proto::{
        ConformancePayload, Header, StreamResponseDefinition, UnaryResponseDefinition,
        conformance_payload::RequestInfo, unary_response_definition::Response as Defined,
    },
};

/// Packs a message to echo it.
pub(super) fn to_any(message: &impl Name) -> Result<Any, Status> {
    Any::from_msg(message).map_err(|error| Status::internal(error.to_string()))
}

/// The part of a request that is echoed, without its messages.
pub(super) fn request_info<T>(request: &Request<T>) -> RequestInfo {
    let headers = request.metadata().clone().into_headers();
    let timeout = timeout::from_headers(&headers).ok().flatten();
    RequestInfo {
        request_headers: convert::to_headers(request.metadata()),
        timeout_ms: timeout.and_then(|timeout| i64::try_from(timeout.as_millis()).ok()),
        ..RequestInfo::default()
    }
}

/// Sleeps for the delay that the suite asks for.
pub(super) async fn delay(ms: u32) {
    if ms > 0 {
        sleep(Duration::from_millis(ms.into())).await;
    }
}

/// The response of a unary or client-streaming call.
pub(super) async fn single<M>(
    definition: Option<UnaryResponseDefinition>,
    info: RequestInfo,
    message: impl FnOnce(ConformancePayload) -> M,
) -> Result<Response<M>, Status> {
    let definition = definition.unwrap_or_default();
    delay(definition.response_delay_ms).await;
    let trailers = metadata(&definition.response_trailers)?;
    let data = match definition.response {
        Some(Defined::Error(mut error)) => {
            error.details.push(to_any(&info)?);
            // A trailers-only response has headers and trailers in one block.
            let mut metadata = trailers;
            convert::add_headers(&mut metadata, &definition.response_headers)?;
            return Err(convert::to_status(&error, metadata));
        }
        Some(Defined::ResponseData(data)) => data,
        None => Vec::new(),
    };
    let mut response = Response::new(message(ConformancePayload {
        data,
        request_info: Some(info),
    }));
    convert::add_headers(response.metadata_mut(), &definition.response_headers)?;
    response.extensions_mut().insert(Trailers(trailers));
    Ok(response)
}

/// The last item of a stream: tonic sends trailers of statuses only, and one with the code `OK`
/// ends a successful stream. `info` is echoed if the stream had no message.
pub(super) fn end_of_stream(
    definition: &StreamResponseDefinition,
    info: Option<RequestInfo>,
) -> Result<Status, Status> {
    let trailers = metadata(&definition.response_trailers)?;
    let Some(mut error) = definition.error.clone() else {
        return Ok(Status::with_metadata(Code::Ok, "", trailers));
    };
    if let Some(info) = info {
        error.details.push(to_any(&info)?);
    }
    Ok(convert::to_status(&error, trailers))
}

/// A response with the suite's headers whose messages are those of `stream`.
pub(super) fn streaming<S>(stream: S, headers: &[Header]) -> Result<Response<S>, Status> {
    let mut response = Response::new(stream);
    convert::add_headers(response.metadata_mut(), headers)?;
    Ok(response)
}

fn metadata(headers: &[Header]) -> Result<MetadataMap, Status> {
    let mut metadata = MetadataMap::new();
    convert::add_headers(&mut metadata, headers)?;
    Ok(metadata)
}
