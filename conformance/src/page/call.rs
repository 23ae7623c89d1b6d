//! One call with a generated stub.

use std::{future::Future, pin::pin, time::Duration};

use frontdesk_transport::client::{Carrier, Channel};
use futures_util::future::{Either, select};
use prost::Name;
use tonic::{Code, Request, Response, Status, metadata::MetadataMap};

use super::{recording_channel::RecordingChannel, sleep::sleep};
use crate::{
    convert,
    proto::{
        ClientCompatRequest, ClientResponseResult, Compression, ConformancePayload,
        ServerStreamRequest,
        client_compat_request::{Cancel, cancel::CancelTiming},
        conformance_service_client::ConformanceServiceClient,
    },
};

type Stub = ConformanceServiceClient<RecordingChannel>;

/// The suite's methods with a single response message.
const SINGLE_RESPONSE: &[&str] = &[
    "/connectrpc.conformance.v1.ConformanceService/Unary",
    "/connectrpc.conformance.v1.ConformanceService/ClientStream",
    "/connectrpc.conformance.v1.ConformanceService/Unimplemented",
    "/connectrpc.conformance.v1.ConformanceService/IdempotentUnary",
];

/// Makes the call; an error if it cannot be made at all.
pub(super) async fn make(call: ClientCompatRequest) -> Result<ClientResponseResult, String> {
    let scheme = if call.server_tls_cert.is_empty() {
        "http"
    } else {
        "https"
    };
    let channel = Channel::new(format!("{scheme}://{}:{}", call.host, call.port))
        .with_single_responses(SINGLE_RESPONSE)
        // The default changes if another package of the same build enables tonic-web-wasm-client.
        .with_unary_carrier(Carrier::Fetch);
    let channel = RecordingChannel::new(channel);
    let record = channel.record();
    let mut stub = create_stub(channel, &call)?;

    let cancellation = Cancellation::new(&call);
    let (payloads, status) = match call.method() {
        "Unary" => {
            let response = stub.unary(create_request(&call)?);
            cancellation
                .unary(response, |message| message.payload)
                .await
        }
        "IdempotentUnary" => {
            let response = stub.idempotent_unary(create_request(&call)?);
            cancellation
                .unary(response, |message| message.payload)
                .await
        }
        "Unimplemented" => {
            let response = stub.unimplemented(create_request(&call)?);
            cancellation.unary(response, |_| None).await
        }
        "ServerStream" => {
            let mut payloads = Vec::new();
            let limit = cancellation.after_responses;
            let stream = read_stream(&mut stub, create_request(&call)?, limit, &mut payloads);
            let status = cancellation.race(stream).await;
            (payloads, status.err())
        }
        other => return Err(format!("a page does not support the method {other}")),
    };

    let record = record.borrow();
    let headers =
        |map: &http::HeaderMap| convert::to_headers(&MetadataMap::from_headers(map.clone()));
    Ok(ClientResponseResult {
        response_headers: headers(&record.headers),
        response_trailers: headers(&record.trailers),
        payloads,
        error: status.as_ref().map(convert::from_status),
        ..ClientResponseResult::default()
    })
}

fn create_stub(channel: RecordingChannel, call: &ClientCompatRequest) -> Result<Stub, String> {
    let mut stub = Stub::new(channel);
    if call.message_receive_limit > 0 {
        let limit = usize::try_from(call.message_receive_limit);
        stub = stub.max_decoding_message_size(limit.map_err(|error| error.to_string())?);
    }
    match call.compression() {
        Compression::Identity => Ok(stub),
        other => Err(format!("a page does not support {}", other.as_str_name())),
    }
}

fn create_request<M: Name + Default>(call: &ClientCompatRequest) -> Result<Request<M>, String> {
    let [message] = &call.request_messages[..] else {
        let count = call.request_messages.len();
        return Err(format!("expected one request message, got {count}"));
    };
    let message = message.to_msg().map_err(|error| error.to_string())?;
    let mut request = Request::new(message);
    convert::add_headers(request.metadata_mut(), &call.request_headers)
        .map_err(|status| status.message().to_owned())?;
    if let Some(ms) = call.timeout_ms {
        request.set_timeout(Duration::from_millis(ms.into()));
    }
    Ok(request)
}

/// Reads a stream to its end, or cancels it after `limit` responses.
async fn read_stream(
    stub: &mut Stub,
    request: Request<ServerStreamRequest>,
    limit: Option<u32>,
    payloads: &mut Vec<ConformancePayload>,
) -> Result<(), Status> {
    let mut stream = stub.server_stream(request).await?.into_inner();
    while let Some(response) = stream.message().await? {
        payloads.push(response.payload.unwrap_or_default());
        if limit.is_some_and(|limit| payloads.len() >= limit as usize) {
            return Err(cancelled());
        }
    }
    Ok(())
}

/// When to cancel a call.
#[derive(Default)]
struct Cancellation {
    after_time: Option<Duration>,
    after_responses: Option<u32>,
}

impl Cancellation {
    fn new(call: &ClientCompatRequest) -> Self {
        let Some(Cancel { cancel_timing }) = &call.cancel else {
            return Self::default();
        };
        let mut cancellation = Self::default();
        match *cancel_timing {
            Some(CancelTiming::AfterNumResponses(count)) => {
                cancellation.after_responses = Some(count);
            }
            Some(CancelTiming::AfterCloseSendMs(ms)) => {
                cancellation.after_time = Some(Duration::from_millis(ms.into()));
            }
            // The request is sent together with its one message.
            Some(CancelTiming::BeforeCloseSend(())) | None => {
                cancellation.after_time = Some(Duration::ZERO);
            }
        }
        cancellation
    }

    /// The result of a unary call.
    async fn unary<M>(
        &self,
        response: impl Future<Output = Result<Response<M>, Status>>,
        payload: impl FnOnce(M) -> Option<ConformancePayload>,
    ) -> (Vec<ConformancePayload>, Option<Status>) {
        match self.race(response).await {
            Ok(response) => {
                let payload = payload(response.into_inner());
                (vec![payload.unwrap_or_default()], None)
            }
            Err(status) => (Vec::new(), Some(status)),
        }
    }

    /// The result of `call`. Dropped, which cancels it, when its time has passed.
    async fn race<T>(&self, call: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
        let Some(after) = self.after_time else {
            return call.await;
        };
        match select(pin!(call), pin!(sleep(after))).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(cancelled()),
        }
    }
}

fn cancelled() -> Status {
    Status::new(Code::Cancelled, "cancelled")
}
