//! The outcome of a translated call, for layers outside the translation.

use std::sync::{
    Arc,
    atomic::{AtomicI32, AtomicU64, Ordering},
};

use http::HeaderMap;
use tonic::Code;

use crate::status;

/// A response extension that holds the call's status once it is known.
///
/// Layers outside cannot see the status themselves: in gRPC-Web it is a frame of the body, and a
/// WebSocket call has no response body at all.
#[derive(Debug, Clone)]
pub struct Outcome(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    code: AtomicI32,
    socket_bytes: AtomicU64,
}

/// Not a status code: the call has not ended.
const PENDING: i32 = -1;

impl Outcome {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shared {
            code: AtomicI32::new(PENDING),
            socket_bytes: AtomicU64::new(0),
        }))
    }

    /// The status that the call ended with; `None` until it has ended.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self.0.code.load(Ordering::Relaxed) {
            PENDING => None,
            code => Some(Code::from_i32(code)),
        }
    }

    /// The number of bytes sent over the call's WebSocket so far; 0 for other calls.
    #[must_use]
    pub fn socket_bytes(&self) -> u64 {
        self.0.socket_bytes.load(Ordering::Relaxed)
    }

    pub(super) fn add_socket_bytes(&self, bytes: usize) {
        self.0
            .socket_bytes
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn set_code(&self, code: Code) {
        self.0.code.store(code as i32, Ordering::Relaxed);
    }

    /// Sets the code to that of header fields or trailers, if they contain a status.
    pub(super) fn set_code_from(&self, fields: &HeaderMap) {
        if let Some(code) = status::code(fields) {
            self.set_code(code);
        }
    }
}
