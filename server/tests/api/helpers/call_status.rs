//! The status of one call over native gRPC, gRPC-Web and `grpc-websockets`.

use std::net::SocketAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use http::Method;
use prost::Message;
use tonic::Code;
use tonic_types::{ErrorDetails, StatusExt as _, pb};

use super::{HttpClient, Server, Socket, Version, frame_message};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Grpc,
    GrpcWeb,
    WebSocket,
}

pub(crate) const PROTOCOLS: [Protocol; 3] =
    [Protocol::Grpc, Protocol::GrpcWeb, Protocol::WebSocket];

/// A status as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CallStatus {
    pub(crate) code: String,
    pub(crate) message: String,
    details: String,
}

impl CallStatus {
    fn new(field: impl Fn(&str) -> String) -> Self {
        Self {
            code: field("grpc-status"),
            message: field("grpc-message"),
            details: field("grpc-status-details-bin"),
        }
    }

    pub(crate) fn details(&self) -> ErrorDetails {
        let bytes = STANDARD_NO_PAD.decode(self.details.trim_end_matches('='));
        let status = pb::Status::decode(&bytes.expect("base64")[..]).expect("status");
        let details = status.encode_to_vec().into();
        let code = Code::from_i32(status.code);
        tonic::Status::with_details(code, status.message, details).get_error_details()
    }

    /// Panics if the status has no `RetryInfo`.
    pub(crate) fn assert_retryable(&self) {
        let details = self.details();
        let retry = details.retry_info().and_then(|info| info.retry_delay);
        assert!(retry.is_some(), "{self:?} {details:?}");
    }
}

/// Calls `path` with this framed request and an optional `grpc-timeout`; ignores all messages of the
/// response.
pub(crate) async fn call_status(
    address: SocketAddr,
    protocol: Protocol,
    path: &str,
    request: &[u8],
    timeout: Option<&str>,
) -> CallStatus {
    let (version, content_type) = match protocol {
        Protocol::Grpc => (Version::Http2, "application/grpc"),
        Protocol::GrpcWeb => (Version::Http1, "application/grpc-web+proto"),
        Protocol::WebSocket => {
            let line = timeout.map(|timeout| format!("grpc-timeout: {timeout}\r\n"));
            let line = line.unwrap_or_default();
            let mut socket = Socket::start_call_with(address, path, &line).await;
            socket.send_bytes(request).await;
            socket.finish().await;
            let response = socket.response().await;
            return CallStatus::new(|name| response.trailer(name).to_owned());
        }
    };
    let mut headers = vec![("content-type", content_type), ("te", "trailers")];
    headers.extend(timeout.map(|timeout| ("grpc-timeout", timeout)));
    let client = HttpClient { address, version };
    let response = client
        .send(Method::POST, path, &headers, request.to_vec())
        .await;
    CallStatus::new(|name| response.trailer(name).unwrap_or_default())
}

/// Calls a method of the `UserService` over every protocol, with and without the package; panics
/// unless the status is always the same.
pub(crate) async fn same_status_everywhere(
    server: &Server,
    method: &str,
    request: &impl Message,
) -> CallStatus {
    let framed = frame_message(request);
    let mut first = None;
    for service in ["user.UserService", "UserService"] {
        for protocol in PROTOCOLS {
            let path = format!("/{service}/{method}");
            let status = call_status(server.address, protocol, &path, &framed, None).await;
            let first = first.get_or_insert_with(|| status.clone());
            assert_eq!(status, *first, "{service} {method} {protocol:?}");
        }
    }
    first.expect("at least one call")
}
