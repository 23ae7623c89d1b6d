use bytes::{Buf as _, Bytes, BytesMut};
use http::HeaderMap;

use super::{
    error::Error,
    header_block::{self, MAX_HEADER_BLOCK_BYTES},
    scanner::FrameScanner,
};

/// The bit of a message's flag byte that marks it as compressed.
const COMPRESSED: u8 = 0x01;

/// A part of a frame sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// Bytes of messages with their prefixes: a part of a message, a whole one, or several.
    /// Concatenated they are the body that native gRPC would have.
    Messages(Bytes),
    /// A complete header block.
    HeaderBlock(HeaderMap),
}

/// Separates messages from header blocks, however the byte stream is cut into chunks.
///
/// Messages are passed on without being assembled or copied, because tonic assembles them anyway.
/// At most one header block of up to [`MAX_HEADER_BLOCK_BYTES`] is buffered.
#[derive(Debug, Default)]
pub struct Decoder {
    scanner: FrameScanner,
    /// The payload of an incomplete header block.
    block: BytesMut,
}

impl Decoder {
    /// A decoder at the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the stream may end here, between two frames.
    #[must_use]
    pub fn is_at_boundary(&self) -> bool {
        self.scanner.is_at_boundary()
    }

    /// Decodes the next part from the front of `chunk`; `None` once `chunk` is used up.
    ///
    /// # Errors
    ///
    /// If the bytes are not frames. The decoder must not be used any more after that.
    pub fn decode(&mut self, chunk: &mut Bytes) -> Result<Option<Decoded>, Error> {
        let messages = self.skip_messages(chunk);
        if messages > 0 {
            return Ok(Some(Decoded::Messages(chunk.split_to(messages))));
        }
        self.decode_header_block(chunk)
    }

    /// The number of bytes at the front of `chunk` that belong to messages.
    fn skip_messages(&mut self, chunk: &[u8]) -> usize {
        let mut at = 0;
        while at < chunk.len() {
            let flag = if self.scanner.is_at_boundary() {
                chunk[at]
            } else {
                self.scanner.flag()
            };
            if flag & !COMPRESSED != 0 {
                break;
            }
            at += self.scanner.advance(&chunk[at..]).total();
        }
        at
    }

    fn decode_header_block(&mut self, chunk: &mut Bytes) -> Result<Option<Decoded>, Error> {
        while let Some(&first) = chunk.first() {
            if self.scanner.is_at_boundary() && first != header_block::FLAG {
                return Err(Error::UnknownFlag(first));
            }
            let scanned = self.scanner.advance(chunk);
            if let Some(length) = self.scanner.payload_len()
                && !usize::try_from(length).is_ok_and(|length| length <= MAX_HEADER_BLOCK_BYTES)
            {
                return Err(Error::HeaderBlockTooLarge(length));
            }
            chunk.advance(scanned.prefix);
            self.block
                .extend_from_slice(&chunk.split_to(scanned.payload));
            if self.scanner.is_complete() {
                let fields = header_block::parse(&self.block.split())?;
                return Ok(Some(Decoded::HeaderBlock(fields)));
            }
        }
        Ok(None)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use bytes::BufMut as _;
    use http::{HeaderName, HeaderValue};
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// A frame of a generated stream.
    #[derive(Debug, Clone, PartialEq)]
    enum TestFrame {
        Message { compressed: bool, bytes: Vec<u8> },
        HeaderBlock(HeaderMap),
    }

    fn frame() -> impl Strategy<Value = TestFrame> {
        let message = (any::<bool>(), vec(any::<u8>(), 0..20))
            .prop_map(|(compressed, bytes)| TestFrame::Message { compressed, bytes });
        let block = vec(("[a-c]{1,2}", "[!-~]{0,5}"), 0..4).prop_map(|fields| {
            let field = |(name, value): (String, String)| {
                let name: HeaderName = name.parse().expect("a name");
                (name, value.parse::<HeaderValue>().expect("a value"))
            };
            let mut block = HeaderMap::new();
            for (name, value) in fields.into_iter().map(field) {
                block.append(name, value);
            }
            TestFrame::HeaderBlock(block)
        });
        prop_oneof![3 => message, 1 => block]
    }

    fn encode(frames: &[TestFrame]) -> Bytes {
        let mut stream = BytesMut::new();
        for frame in frames {
            match frame {
                TestFrame::Message { compressed, bytes } => {
                    stream.put_u8(u8::from(*compressed));
                    stream.put_u32(u32::try_from(bytes.len()).expect("short"));
                    stream.put_slice(bytes);
                }
                TestFrame::HeaderBlock(fields) => stream.put(header_block::encode_frame(fields)),
            }
        }
        stream.freeze()
    }

    /// The header blocks and the message bytes between them, and whether the stream may end there.
    fn decode(chunks: impl IntoIterator<Item = Bytes>) -> Result<(Vec<Decoded>, bool), Error> {
        let mut decoder = Decoder::new();
        let mut parts: Vec<Decoded> = Vec::new();
        for mut chunk in chunks {
            while let Some(part) = decoder.decode(&mut chunk)? {
                match (parts.last_mut(), part) {
                    (Some(Decoded::Messages(before)), Decoded::Messages(more)) => {
                        *before = [&before[..], &more[..]].concat().into();
                    }
                    (_, part) => parts.push(part),
                }
            }
            assert!(chunk.is_empty(), "left over: {chunk:?}");
        }
        Ok((parts, decoder.is_at_boundary()))
    }

    fn expected(frames: &[TestFrame]) -> Vec<Decoded> {
        let mut parts = Vec::new();
        for run in frames.chunk_by(|a, b| {
            !matches!(
                (a, b),
                (TestFrame::HeaderBlock(_), _) | (_, TestFrame::HeaderBlock(_))
            )
        }) {
            parts.push(match run {
                [TestFrame::HeaderBlock(fields)] => Decoded::HeaderBlock(fields.clone()),
                messages => Decoded::Messages(encode(messages)),
            });
        }
        parts
    }

    proptest! {
        #[test]
        fn a_stream_decodes_the_same_wherever_it_is_cut_in_two(frames in vec(frame(), 0..8)) {
            let stream = encode(&frames);
            for at in 0..=stream.len() {
                let (parts, ended) = decode([stream.slice(..at), stream.slice(at..)])?;
                prop_assert_eq!(&parts, &expected(&frames));
                prop_assert!(ended);
            }
        }

        #[test]
        fn a_stream_decodes_the_same_byte_by_byte(frames in vec(frame(), 0..8)) {
            let stream = encode(&frames);
            let (parts, ended) = decode((0..stream.len()).map(|at| stream.slice(at..=at)))?;
            prop_assert_eq!(&parts, &expected(&frames));
            prop_assert!(ended);
        }

        #[test]
        fn a_stream_that_ends_within_a_frame_is_not_at_a_boundary(frame in frame()) {
            let stream = encode(&[frame]);
            for at in 1..stream.len() {
                prop_assert!(!decode([stream.slice(..at)])?.1, "at a boundary after {} bytes", at);
            }
        }

        #[test]
        fn arbitrary_bytes_are_decoded_or_rejected_wherever_they_are_cut(stream in vec(any::<u8>(), 0..200)) {
            let stream = Bytes::from(stream);
            let whole = decode([stream.clone()]);
            let cut = decode((0..stream.len()).map(|at| stream.slice(at..=at)));
            prop_assert_eq!(whole, cut);
        }
    }

    #[test]
    fn messages_are_passed_on_in_one_part_without_copying() {
        let frames = [b"one", b"two"].map(|bytes| TestFrame::Message {
            compressed: false,
            bytes: bytes.to_vec(),
        });
        let stream = encode(&frames);
        let mut rest = stream.clone();
        let part = Decoder::new().decode(&mut rest).expect("frames");
        let Some(Decoded::Messages(bytes)) = part else {
            panic!("{part:?}");
        };
        assert_eq!(
            (bytes.as_ptr(), bytes.len()),
            (stream.as_ptr(), stream.len())
        );
    }

    #[test]
    fn invalid_frames_are_rejected() {
        let rejection =
            |bytes: &'static [u8]| decode([Bytes::from_static(bytes)]).expect_err("invalid frames");
        assert_eq!(rejection(b"\x02"), Error::UnknownFlag(2));
        assert_eq!(rejection(b"\x81\0\0\0\0"), Error::UnknownFlag(0x81));
        assert_eq!(
            rejection(b"\x80\x00\x01\x00\x01"),
            Error::HeaderBlockTooLarge(65_537)
        );
        assert_eq!(rejection(b"\x80\0\0\0\x01x"), Error::InvalidHeaderField);
    }
}
