use std::fmt;

/// The bytes are not a valid sequence of frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The flag byte of a frame has undefined bits, or announces a compressed header block, which
    /// neither half supports.
    UnknownFlag(u8),
    /// A header block of this many bytes exceeds
    /// [`MAX_HEADER_BLOCK_BYTES`](super::header_block::MAX_HEADER_BLOCK_BYTES).
    HeaderBlockTooLarge(u32),
    /// A line of a header block is not a header field.
    InvalidHeaderField,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownFlag(_) => "a frame begins with an unknown flag",
            Self::HeaderBlockTooLarge(_) => "a header block is too large",
            Self::InvalidHeaderField => "a line of a header block is not a header field",
        })
    }
}

impl std::error::Error for Error {}
