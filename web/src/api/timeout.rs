//! How long a call is given.

use tonic::{
    Request,
    metadata::{Ascii, MetadataValue},
};

/// How long, as gRPC writes it: digits and a unit.
pub(super) type Timeout = MetadataValue<Ascii>;

/// One answer is given this long.
pub(super) const UNARY: &str = "10S";

/// A call that has `timeout` to be answered. What writes it out from a `Duration` counts in 128
/// bits, and would be loaded for this alone.
pub(super) fn within<T>(timeout: &'static str, message: T) -> Request<T> {
    given(Some(MetadataValue::from_static(timeout)), message)
}

/// A call that has `timeout` to be answered, or as long as it takes.
pub(super) fn given<T>(timeout: Option<Timeout>, message: T) -> Request<T> {
    let mut request = Request::new(message);
    if let Some(timeout) = timeout {
        request.metadata_mut().insert("grpc-timeout", timeout);
    }
    request
}

/// So many milliseconds.
pub(super) fn milliseconds(ms: u32) -> Option<Timeout> {
    (ms.to_string() + "m").try_into().ok()
}
