//! Content coding of long responses: HTTP's own (RFC 9110, section 8.4), which browsers decode
//! transparently. gRPC's per-message compression gains little on small messages.
//!
//! A response is compressed if the first frame of its body is ready together with the headers and is
//! long, as that of a list is. Unary responses and watches usually are neither; a watch that begins
//! with 8 KiB at once is compressed and keeps its permit. Every frame from inside is flushed, so
//! compression delays nothing.
//!
//! tower-http's compression was considered: it decides by headers alone, which do not distinguish a
//! list from a watch, and its encoders use windows of several megabytes.

mod body;
mod compress;
mod encoder;
#[cfg(test)]
mod tests;

pub(super) use self::compress::Compression;
