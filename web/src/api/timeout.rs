//! How long a call is given.

use tonic::{Request, metadata::MetadataValue};

/// One answer is given this long.
pub(super) const UNARY: &str = "10S";

/// A call that has `timeout` to be answered: digits and a unit, as gRPC writes it. What writes it
/// out from a `Duration` counts in 128 bits, and would be loaded for this alone.
pub(super) fn within<T>(timeout: &'static str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let timeout = MetadataValue::from_static(timeout);
    request.metadata_mut().insert("grpc-timeout", timeout);
    request
}
