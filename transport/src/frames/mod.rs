//! The frames of gRPC in browsers, without I/O.
//!
//! gRPC-Web (`PROTOCOL-WEB.md`) and `grpc-websockets` put the same two things one after the other:
//! length-prefixed messages as gRPC has them everywhere, and *blocks* of header fields that are
//! marked by the highest bit of the first byte. The page's half reads them by [`Decoder`] over
//! both of its transports; the server's writes and reads blocks by [`block`], and leaves messages to
//! whoever decodes them, but for counting them ([`Lengths`]).

pub mod block;
mod decoder;
mod lengths;

pub use self::{
    decoder::{Decoder, Piece},
    lengths::Lengths,
};

use std::fmt;

/// The bit of a frame's first byte that says that header fields follow, and not a message.
pub const BLOCK: u8 = 0x80;

/// How many bytes of header fields one block may have. HTTP/2 peers allow some 16 KiB of them;
/// what is far above is no status.
pub const LARGEST_BLOCK: usize = 64 * 1024;

/// Bytes that are no frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A frame's first byte has bits that nobody has given a meaning, or says that a block is
    /// compressed, which nothing here asks for.
    UnknownFlag(u8),
    /// A block of header fields is larger than [`LARGEST_BLOCK`]; this is how large.
    BlockTooLarge(u32),
    /// A line of a block is no header field.
    NotAField,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownFlag(_) => f.write_str("a frame begins with an unknown flag"),
            Self::BlockTooLarge(_) => f.write_str("a block of header fields is too large"),
            Self::NotAField => f.write_str("a line of a block is no header field"),
        }
    }
}

impl std::error::Error for Error {}
