//! The encoders, at levels that cost less time than they save on a line.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::Encoding;

/// What brotli hands out at once.
const BROTLI_BUFFER: usize = 8 * 1024;
const BROTLI_LEVEL: u32 = 4;
const GZIP_LEVEL: Compression = Compression::new(3);
const ZSTD_LEVEL: i32 = 3;
/// How much brotli and zstd remember, as powers of two: rows are alike to those just before them,
/// and more would only be memory. With these an encoder holds some 1.2 MB, and gzip's 0.3 MB. Who
/// changes a level should look at that again: brotli's fifth takes 33 MB with a window of 64 KiB.
const BROTLI_WINDOW_BITS: u32 = 18;
const ZSTD_WINDOW_BITS: u32 = 17;

/// Encodes one answer, part by part.
pub(super) enum Encoder {
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Encoder {
    /// # Errors
    ///
    /// Where there is no memory for it.
    pub(super) fn new(encoding: Encoding) -> io::Result<Self> {
        let out = Vec::new();
        Ok(match encoding {
            Encoding::Brotli => Self::Brotli(Box::new(brotli::CompressorWriter::new(
                out,
                BROTLI_BUFFER,
                BROTLI_LEVEL,
                BROTLI_WINDOW_BITS,
            ))),
            Encoding::Gzip => Self::Gzip(GzEncoder::new(out, GZIP_LEVEL)),
            Encoding::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(out, ZSTD_LEVEL)?;
                encoder.window_log(ZSTD_WINDOW_BITS)?;
                Self::Zstd(encoder)
            }
        })
    }

    /// Encodes this part. What comes of it may be nothing, unless it is flushed: then the client can
    /// decode every byte that was encoded so far.
    pub(super) fn encode(&mut self, part: &[u8], flush: bool) -> io::Result<Bytes> {
        let out = match self {
            Self::Brotli(encoder) => {
                write(encoder, part, flush)?;
                encoder.get_mut()
            }
            Self::Gzip(encoder) => {
                write(encoder, part, flush)?;
                encoder.get_mut()
            }
            Self::Zstd(encoder) => {
                write(encoder, part, flush)?;
                encoder.get_mut()
            }
        };
        Ok(std::mem::take(out).into())
    }

    /// What is left, and the end.
    pub(super) fn finish(self) -> io::Result<Bytes> {
        Ok(match self {
            Self::Brotli(encoder) => encoder.into_inner(),
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        }
        .into())
    }
}

fn write(encoder: &mut impl Write, part: &[u8], flush: bool) -> io::Result<()> {
    encoder.write_all(part)?;
    if flush { encoder.flush() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Brotli, Encoding::Gzip, Encoding::Zstd];

    /// As much as can be decoded of bytes that may be cut anywhere.
    fn decode(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
        let mut reader: Box<dyn io::Read + '_> = match encoding {
            Encoding::Brotli => Box::new(brotli::Decompressor::new(bytes, 4096)),
            Encoding::Gzip => Box::new(flate2::read::GzDecoder::new(bytes)),
            Encoding::Zstd => Box::new(zstd::stream::read::Decoder::new(bytes).expect("a decoder")),
        };
        let mut decoded = Vec::new();
        let mut part = [0; 1024];
        // Byte by byte an error would tell as well that nothing more can be had.
        while let Ok(read @ 1..) = reader.read(&mut part) {
            decoded.extend_from_slice(&part[..read]);
        }
        decoded
    }

    #[test]
    fn every_part_that_was_flushed_can_be_decoded_before_the_end() {
        for encoding in ALL {
            let mut encoder = Encoder::new(encoding).expect("an encoder");
            let (mut said, mut sent) = (Vec::new(), Vec::new());
            for number in 0_u32..40 {
                let part = format!("row {number} of a list, like all the others; ").repeat(9);
                sent.extend(encoder.encode(part.as_bytes(), true).expect("encoded"));
                said.extend_from_slice(part.as_bytes());
                assert_eq!(decode(encoding, &sent), said, "{encoding:?}, part {number}");
            }
            sent.extend(encoder.finish().expect("finished"));
            assert_eq!(decode(encoding, &sent), said, "{encoding:?}");
            assert!(sent.len() < said.len() / 4, "{encoding:?}: {}", sent.len());
        }
    }

    #[test]
    fn what_cannot_be_compressed_is_hardly_longer() {
        // Numbers as random as they need to be (Marsaglia's xorshift).
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        })
        .take(8 * 1024)
        .flatten()
        .collect();
        for encoding in ALL {
            let mut encoder = Encoder::new(encoding).expect("an encoder");
            let mut sent = Vec::new();
            for part in noise.chunks(16 * 1024) {
                sent.extend(encoder.encode(part, true).expect("encoded"));
            }
            sent.extend(encoder.finish().expect("finished"));
            assert_eq!(decode(encoding, &sent), noise, "{encoding:?}");
            assert!(sent.len() < noise.len() + 1_024, "{}", sent.len());
        }
    }
}
