//! The header `grpc-timeout`.

use tonic::{
    Request,
    metadata::{Ascii, MetadataValue},
};

/// Digits and a unit, as gRPC writes them. Not `Request::set_timeout`: formatting a `Duration` uses
/// 128-bit arithmetic, which would be in the page for this alone.
pub(super) type Timeout = MetadataValue<Ascii>;

/// For calls with a single response.
pub(super) const UNARY: &str = "10S";

pub(super) fn with_timeout<T>(timeout: Option<Timeout>, message: T) -> Request<T> {
    let mut request = Request::new(message);
    if let Some(timeout) = timeout {
        request.metadata_mut().insert("grpc-timeout", timeout);
    }
    request
}

pub(super) fn from_milliseconds(ms: u32) -> Option<Timeout> {
    (ms.to_string() + "m").try_into().ok()
}
