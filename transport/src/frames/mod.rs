//! The frames of gRPC in browsers, without I/O.
//!
//! gRPC-Web (grpc/doc/PROTOCOL-WEB.md) and `grpc-websockets` (improbable-eng/grpc-web) send a
//! sequence of frames: a flag byte, a length of four bytes in network byte order, and the payload.
//! The payload is a gRPC message, or a *header block* if the highest bit of the flag is set.
//!
//! The client decodes both protocols with [`Decoder`]. The server reads and writes header blocks with
//! [`header_block`] and leaves messages to tonic.

mod decoder;
mod error;
pub mod header_block;
mod scanner;

pub use self::{
    decoder::{Decoded, Decoder},
    error::Error,
    scanner::{FrameScanner, PREFIX_BYTES, Scanned},
};
