//! Streaming encoders behind one interface, at levels whose CPU time is less than the time they save
//! on a typical connection.

use std::io::{self, Write};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};

use super::super::accept_encoding::Encoding;

/// brotli's output buffer, in bytes.
const BROTLI_BUFFER: usize = 8 * 1024;
const BROTLI_LEVEL: u32 = 4;
const GZIP_LEVEL: Compression = Compression::new(3);
const ZSTD_LEVEL: i32 = 3;
/// Window sizes as powers of two. Rows resemble the rows just before them, so larger windows would
/// only use more memory. With these levels and windows, brotli and zstd use about 1.2 MB per encoder
/// and gzip 0.3 MB. Measure again before changing a level: brotli's level 5 uses 33 MB with a window
/// of 64 KiB.
const BROTLI_WINDOW_BITS: u32 = 18;
const ZSTD_WINDOW_BITS: u32 = 17;

/// Encodes one response, chunk by chunk.
pub(super) enum Encoder {
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    Gzip(GzEncoder<Vec<u8>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl Encoder {
    /// # Errors
    ///
    /// If there is not enough memory.
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

    /// Encodes `chunk`. The result may be empty, unless `flush` is set: then the client can decode
    /// everything that has been encoded so far.
    pub(super) fn encode(&mut self, chunk: &[u8], flush: bool) -> io::Result<Bytes> {
        let out = match self {
            Self::Brotli(encoder) => {
                write(encoder, chunk, flush)?;
                encoder.get_mut()
            }
            Self::Gzip(encoder) => {
                write(encoder, chunk, flush)?;
                encoder.get_mut()
            }
            Self::Zstd(encoder) => {
                write(encoder, chunk, flush)?;
                encoder.get_mut()
            }
        };
        Ok(std::mem::take(out).into())
    }

    /// The remaining output and the end of the stream.
    pub(super) fn finish(self) -> io::Result<Bytes> {
        Ok(match self {
            Self::Brotli(encoder) => encoder.into_inner(),
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
        }
        .into())
    }
}

fn write(encoder: &mut impl Write, chunk: &[u8], flush: bool) -> io::Result<()> {
    encoder.write_all(chunk)?;
    if flush { encoder.flush() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Brotli, Encoding::Gzip, Encoding::Zstd];

    /// Decodes as much as possible of a stream that may end early.
    fn decode(encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
        let mut reader: Box<dyn io::Read + '_> = match encoding {
            Encoding::Brotli => Box::new(brotli::Decompressor::new(bytes, 4096)),
            Encoding::Gzip => Box::new(flate2::read::GzDecoder::new(bytes)),
            Encoding::Zstd => Box::new(zstd::stream::read::Decoder::new(bytes).expect("a decoder")),
        };
        let mut decoded = Vec::new();
        let mut buffer = [0; 1024];
        // At an early end some decoders return an error.
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            decoded.extend_from_slice(&buffer[..read]);
        }
        decoded
    }

    #[test]
    fn every_flushed_chunk_can_be_decoded_before_the_end() {
        for encoding in ALL {
            let mut encoder = Encoder::new(encoding).expect("an encoder");
            let (mut plain, mut output) = (Vec::new(), Vec::new());
            for number in 0_u32..40 {
                let chunk = format!("row {number} of a list, similar to the others; ").repeat(9);
                output.extend(encoder.encode(chunk.as_bytes(), true).expect("no error"));
                plain.extend_from_slice(chunk.as_bytes());
                assert_eq!(
                    decode(encoding, &output),
                    plain,
                    "{encoding:?}, chunk {number}"
                );
            }
            output.extend(encoder.finish().expect("no error"));
            assert_eq!(decode(encoding, &output), plain, "{encoding:?}");
            assert!(
                output.len() < plain.len() / 4,
                "{encoding:?}: {}",
                output.len()
            );
        }
    }

    #[test]
    fn incompressible_data_grows_very_little() {
        // Marsaglia's xorshift.
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
            let mut output = Vec::new();
            for chunk in noise.chunks(16 * 1024) {
                output.extend(encoder.encode(chunk, true).expect("no error"));
            }
            output.extend(encoder.finish().expect("no error"));
            assert_eq!(decode(encoding, &output), noise, "{encoding:?}");
            assert!(output.len() < noise.len() + 1_024, "{}", output.len());
        }
    }
}
