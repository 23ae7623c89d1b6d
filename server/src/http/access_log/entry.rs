use std::time::Instant;

use frontdesk_transport::{dialect::Dialect, server::Outcome};
use http::{Extensions, HeaderMap, Method, Request, StatusCode, Uri};
use tonic::Code;
use tower_http::request_id::RequestId;
use tracing::Level;

use crate::telemetry::ACCESS_TARGET;

/// The longest path that is logged, in bytes.
const MAX_PATH_LENGTH: usize = 200;

/// What is known about a request so far; logged when dropped.
#[derive(Debug)]
pub(super) struct Entry {
    start: Instant,
    id: Option<RequestId>,
    method: Method,
    uri: Uri,
    status: Option<StatusCode>,
    is_grpc: bool,
    grpc_status: Option<Code>,
    outcome: Option<Outcome>,
    body_bytes: u64,
    is_complete: bool,
}

impl Entry {
    /// `None` if the log's filter excludes the access log.
    pub(super) fn new<B>(request: &Request<B>) -> Option<Self> {
        tracing::enabled!(target: ACCESS_TARGET, Level::INFO).then(|| Self {
            start: Instant::now(),
            id: request.extensions().get().cloned(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            status: None,
            is_grpc: Dialect::from_headers(request.headers()).is_some(),
            grpc_status: None,
            outcome: None,
            body_bytes: 0,
            is_complete: false,
        })
    }

    pub(super) fn record_headers(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) {
        self.status = Some(status);
        self.outcome = extensions.get().cloned();
        self.record_grpc_status(headers);
    }

    /// The response upgraded the connection: its call ends later.
    pub(super) fn record_upgrade(&mut self) {
        self.is_grpc = true;
        self.is_complete = false;
    }

    pub(super) fn record_data(&mut self, bytes: usize) {
        self.body_bytes += u64::try_from(bytes).unwrap_or_default();
    }

    pub(super) fn record_grpc_status(&mut self, headers: &HeaderMap) {
        if let Some(status) = headers.get("grpc-status") {
            self.grpc_status = Some(Code::from_bytes(status.as_bytes()));
        }
    }

    pub(super) fn complete(&mut self) {
        self.is_complete = true;
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let grpc_status = self
            .grpc_status
            .or_else(|| self.outcome.as_ref().and_then(Outcome::code))
            // Dropped before its end: the client has disconnected or cancelled the call.
            .or((self.is_grpc && !self.is_complete).then_some(Code::Cancelled));
        let path = self.uri.path();
        let path = &path[..path.floor_char_boundary(MAX_PATH_LENGTH)];
        let elapsed_us = u64::try_from(self.start.elapsed().as_micros()).unwrap_or(u64::MAX);
        let bytes = self.body_bytes + self.outcome.as_ref().map_or(0, Outcome::socket_bytes);
        let id = self
            .id
            .as_ref()
            .and_then(|id| id.header_value().to_str().ok());
        tracing::info!(
            target: ACCESS_TARGET,
            id = id.map(tracing::field::display),
            method = self.method.as_str(),
            path,
            status = self.status.map(|status| status.as_u16()),
            grpc.status = grpc_status.map(name),
            bytes,
            elapsed_us,
        );
    }
}

/// The code's name in the specification (grpc/doc/statuscodes.md).
fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
