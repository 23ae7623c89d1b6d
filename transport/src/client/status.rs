//! The status among header fields.

use std::mem::take;

use http::{HeaderMap, HeaderName};
use tonic::{Code, metadata::MetadataMap};

/// Where it stands (`PROTOCOL-HTTP2.md`, «Responses»).
pub(super) const STATUS: HeaderName = HeaderName::from_static("grpc-status");

/// The code, where there is one.
pub(super) fn code(fields: &HeaderMap) -> Option<Code> {
    let status = fields.get(STATUS)?;
    Some(Code::from_bytes(status.as_bytes()))
}

/// Takes out details that are no base64: tonic's stubs panic over them, and with them the page.
pub(super) fn mend(fields: &mut HeaderMap) {
    const DETAILS: &str = "grpc-status-details-bin";
    let mut metadata = MetadataMap::from_headers(take(fields));
    let details = metadata.get_bin(DETAILS);
    if details.is_some_and(|details| details.to_bytes().is_err()) {
        metadata.remove_bin(DETAILS);
    }
    *fields = metadata.into_headers();
}
