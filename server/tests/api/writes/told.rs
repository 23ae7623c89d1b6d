//! One call over native gRPC, gRPC-Web and a WebSocket, and what each is told.

use std::net::SocketAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use http::Method;
use prost::Message as _;
use tonic::Code;
use tonic_types::{ErrorDetails, StatusExt as _, pb};

use crate::helpers::{Server, Socket, Version, Wire, message};

/// A way to call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Native,
    Web,
    Socket,
}

pub(super) const WAYS: [Way; 3] = [Way::Native, Way::Web, Way::Socket];

/// A status, as it came over the wire.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) code: String,
    pub(super) words: String,
    details: String,
}

impl Told {
    pub(super) fn details(&self) -> ErrorDetails {
        let bytes = STANDARD_NO_PAD.decode(self.details.trim_end_matches('='));
        let status = pb::Status::decode(&bytes.expect("base64")[..]).expect("a status");
        let details = status.encode_to_vec().into();
        let code = Code::from_i32(status.code);
        tonic::Status::with_details(code, status.message, details).get_error_details()
    }
}

/// What somebody is told who calls so, within a time (`grpc-timeout`) where one is given. All that comes
/// before the status is passed over.
pub(super) async fn ask(
    address: SocketAddr,
    way: Way,
    path: &str,
    framed: &[u8],
    timeout: Option<&str>,
) -> Told {
    let (version, content_type) = match way {
        Way::Native => (Version::Http2, "application/grpc"),
        Way::Web => (Version::Http1, "application/grpc-web+proto"),
        Way::Socket => {
            let line = timeout.map(|timeout| format!("grpc-timeout: {timeout}\r\n"));
            let line = line.unwrap_or_default();
            let mut socket = Socket::call_with(address, path, &line).await;
            socket.bytes(framed).await;
            socket.end().await;
            let heard = socket.rest().await;
            let field = |name| heard.trailer(name).to_owned();
            return Told {
                code: field("grpc-status"),
                words: field("grpc-message"),
                details: field("grpc-status-details-bin"),
            };
        }
    };
    let mut headers = vec![("content-type", content_type), ("te", "trailers")];
    headers.extend(timeout.map(|timeout| ("grpc-timeout", timeout)));
    let wire = Wire { address, version };
    let answer = wire
        .send(Method::POST, path, &headers, framed.to_vec())
        .await;
    let field = |name| answer.trailer(name).unwrap_or_default();
    Told {
        code: field("grpc-status"),
        words: field("grpc-message"),
        details: field("grpc-status-details-bin"),
    }
}

/// The same over all three, with a package and without; which it is.
pub(super) async fn everywhere(desk: &Server, method: &str, request: &impl prost::Message) -> Told {
    let framed = message(request);
    let mut all = Vec::new();
    for service in ["user.UserService", "UserService"] {
        for way in WAYS {
            let path = format!("/{service}/{method}");
            let told = ask(desk.address, way, &path, &framed, None).await;
            all.push((service, way, told));
        }
    }
    let (_, _, first) = all.swap_remove(0);
    for (service, way, told) in all {
        assert_eq!(told, first, "{service} {method} {way:?}");
    }
    first
}
