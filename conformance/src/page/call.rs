//! One call by a generated stub.

use std::{future::Future, pin::pin, time::Duration};

use frontdesk_transport::client::Channel;
use futures_util::future::{Either, select};
use prost::Name;
use tonic::{Code, Request, Response, Status, metadata::MetadataMap};

use super::{recorder::Recorder, timer::sleep};
use crate::{
    echo,
    wire::{
        ClientCompatRequest, ClientResponseResult, Compression, ConformancePayload,
        client_compat_request::{Cancel, cancel::CancelTiming},
        conformance_service_client::ConformanceServiceClient,
    },
};

type Stub = ConformanceServiceClient<Recorder>;

/// The suite's methods whose answer is one message.
const SINGLE_RESPONSE: &[&str] = &[
    "/connectrpc.conformance.v1.ConformanceService/Unary",
    "/connectrpc.conformance.v1.ConformanceService/ClientStream",
    "/connectrpc.conformance.v1.ConformanceService/Unimplemented",
    "/connectrpc.conformance.v1.ConformanceService/IdempotentUnary",
];

/// Makes the call; an error where it can't be made at all.
pub(super) async fn make(call: ClientCompatRequest) -> Result<ClientResponseResult, String> {
    let scheme = if call.server_tls_cert.is_empty() {
        "http"
    } else {
        "https"
    };
    let channel = Channel::new(format!("{scheme}://{}:{}", call.host, call.port))
        .with_single_responses(SINGLE_RESPONSE);
    let recorder = Recorder::new(channel);
    let record = recorder.record();
    let mut stub = stub(recorder, &call)?;

    let cancel = Cancelling::of(&call);
    let (payloads, status) = match call.method() {
        "Unary" => {
            let reply = stub.unary(request(&call)?);
            cancel.one(reply, |reply| reply.payload).await
        }
        "IdempotentUnary" => {
            let reply = stub.idempotent_unary(request(&call)?);
            cancel.one(reply, |reply| reply.payload).await
        }
        "Unimplemented" => {
            let reply = stub.unimplemented(request(&call)?);
            cancel.one(reply, |_| None).await
        }
        "ServerStream" => {
            let mut payloads = Vec::new();
            let replies = all(&mut stub, request(&call)?, cancel.replies, &mut payloads);
            let status = cancel.unless(replies).await;
            (payloads, status.err())
        }
        other => return Err(format!("{other} is not to be had in a page")),
    };

    let record = record.borrow();
    let headers = |map: &http::HeaderMap| echo::to_headers(&MetadataMap::from_headers(map.clone()));
    Ok(ClientResponseResult {
        response_headers: headers(&record.headers),
        response_trailers: headers(&record.trailers),
        payloads,
        error: status.as_ref().map(echo::from_status),
        ..ClientResponseResult::default()
    })
}

fn stub(recorder: Recorder, call: &ClientCompatRequest) -> Result<Stub, String> {
    let mut stub = Stub::new(recorder);
    if call.message_receive_limit > 0 {
        let limit = usize::try_from(call.message_receive_limit);
        stub = stub.max_decoding_message_size(limit.map_err(|error| error.to_string())?);
    }
    match call.compression() {
        Compression::Identity => Ok(stub),
        other => Err(format!("{} is not to be had", other.as_str_name())),
    }
}

fn request<M: Name + Default>(call: &ClientCompatRequest) -> Result<Request<M>, String> {
    let [message] = &call.request_messages[..] else {
        return Err(format!("{} messages", call.request_messages.len()));
    };
    let message = message.to_msg().map_err(|error| error.to_string())?;
    let mut request = Request::new(message);
    echo::add_headers(request.metadata_mut(), &call.request_headers)
        .map_err(|status| status.message().to_owned())?;
    if let Some(ms) = call.timeout_ms {
        request.set_timeout(Duration::from_millis(ms.into()));
    }
    Ok(request)
}

/// Reads a stream to its end, or until so many replies have come.
async fn all(
    stub: &mut Stub,
    request: Request<crate::wire::ServerStreamRequest>,
    most: Option<u32>,
    payloads: &mut Vec<ConformancePayload>,
) -> Result<(), Status> {
    let mut stream = stub.server_stream(request).await?.into_inner();
    while let Some(reply) = stream.message().await? {
        payloads.push(reply.payload.unwrap_or_default());
        if most.is_some_and(|most| payloads.len() >= most as usize) {
            return Err(cancelled());
        }
    }
    Ok(())
}

/// When a call is to be let go of.
struct Cancelling {
    after: Option<Duration>,
    replies: Option<u32>,
}

impl Cancelling {
    fn of(call: &ClientCompatRequest) -> Self {
        let none = Self {
            after: None,
            replies: None,
        };
        let after = |ms: u32| Some(Duration::from_millis(ms.into()));
        match &call.cancel {
            None => none,
            Some(Cancel { cancel_timing }) => match *cancel_timing {
                Some(CancelTiming::AfterNumResponses(number)) => Self {
                    replies: Some(number),
                    ..none
                },
                Some(CancelTiming::AfterCloseSendMs(ms)) => Self {
                    after: after(ms),
                    ..none
                },
                // The one message is sent with the call.
                Some(CancelTiming::BeforeCloseSend(())) | None => Self {
                    after: after(0),
                    ..none
                },
            },
        }
    }

    /// What a unary call comes to.
    async fn one<M>(
        &self,
        reply: impl Future<Output = Result<Response<M>, Status>>,
        payload: impl FnOnce(M) -> Option<ConformancePayload>,
    ) -> (Vec<ConformancePayload>, Option<Status>) {
        match self.unless(reply).await {
            Ok(reply) => {
                let payload = payload(reply.into_inner());
                (vec![payload.unwrap_or_default()], None)
            }
            Err(status) => (Vec::new(), Some(status)),
        }
    }

    /// What `call` comes to, unless it is time to let go of it: letting go is what cancels it.
    async fn unless<T>(&self, call: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
        let Some(after) = self.after else {
            return call.await;
        };
        match select(pin!(call), pin!(sleep(after))).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => Err(cancelled()),
        }
    }
}

fn cancelled() -> Status {
    Status::new(Code::Cancelled, "let go of")
}
