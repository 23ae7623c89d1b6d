use bytes::{Buf as _, Bytes, BytesMut};
use http::HeaderMap;

use super::{BLOCK, Error, LARGEST_BLOCK, block};

/// The bit of a message's first byte that says that it is compressed.
const COMPRESSED: u8 = 0x01;

/// What a stream of frames is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Bytes of messages with their prefixes: a part of one, one, or many. Put together in order
    /// they are what native gRPC has in a body.
    Messages(Bytes),
    /// A block of header fields, whole.
    Block(HeaderMap),
}

/// Takes a stream of frames apart, wherever it is cut.
///
/// Messages are not put together and not copied: who decodes them does that anyway. What is kept is
/// at most one block, up to [`LARGEST_BLOCK`].
#[derive(Debug, Default)]
pub struct Decoder {
    state: State,
    /// How many messages have begun.
    messages: u32,
}

#[derive(Debug, Default)]
enum State {
    /// Between two frames.
    #[default]
    Border,
    /// In the length of a message: so much of it has been read, from so many bytes.
    MessageLength { length: u32, read: u8 },
    /// In a message; so many bytes are left of it, and never none.
    Message { left: u32 },
    /// In the length of a block.
    BlockLength { length: u32, read: u8 },
    /// In a block: what has come of it, and how many bytes it has.
    Block { fields: BytesMut, length: usize },
}

impl Decoder {
    /// At the beginning of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the stream may end here: between two frames.
    #[must_use]
    pub fn is_at_border(&self) -> bool {
        matches!(self.state, State::Border)
    }

    /// How many messages have begun.
    #[must_use]
    pub fn messages(&self) -> u32 {
        self.messages
    }

    /// Takes the next piece off the front of `chunk`; `None` when there is nothing left to take.
    ///
    /// # Errors
    ///
    /// What is wrong with these bytes. The decoder is not to be used any more after that.
    pub fn decode(&mut self, chunk: &mut Bytes) -> Result<Option<Piece>, Error> {
        let messages = self.skip_messages(chunk);
        if messages > 0 {
            return Ok(Some(Piece::Messages(chunk.split_to(messages))));
        }
        self.block(chunk)
    }

    /// How many bytes at the front of `chunk` are messages'.
    fn skip_messages(&mut self, chunk: &[u8]) -> usize {
        let mut at = 0;
        while at < chunk.len() {
            match &mut self.state {
                State::Border => match chunk[at] {
                    flag if flag & !COMPRESSED == 0 => {
                        at += 1;
                        self.messages = self.messages.saturating_add(1);
                        self.state = State::MessageLength { length: 0, read: 0 };
                    }
                    _ => break,
                },
                State::MessageLength { length, read } => {
                    *length = *length << 8 | u32::from(chunk[at]);
                    *read += 1;
                    at += 1;
                    if *read == 4 {
                        self.state = match *length {
                            0 => State::Border,
                            left => State::Message { left },
                        };
                    }
                }
                State::Message { left } => {
                    let here = usize::try_from(*left)
                        .unwrap_or(usize::MAX)
                        .min(chunk.len() - at);
                    at += here;
                    // `here` is at most `left`.
                    *left -= u32::try_from(here).unwrap_or(*left);
                    if *left == 0 {
                        self.state = State::Border;
                    }
                }
                State::BlockLength { .. } | State::Block { .. } => break,
            }
        }
        at
    }

    fn block(&mut self, chunk: &mut Bytes) -> Result<Option<Piece>, Error> {
        while chunk.has_remaining() {
            match &mut self.state {
                State::BlockLength { length, read } => {
                    *length = *length << 8 | u32::from(chunk.get_u8());
                    *read += 1;
                    if *read < 4 {
                        continue;
                    }
                    let length = *length;
                    let fits = usize::try_from(length)
                        .ok()
                        .filter(|it| *it <= LARGEST_BLOCK);
                    let length = fits.ok_or(Error::BlockTooLarge(length))?;
                    let fields = BytesMut::new();
                    self.state = State::Block { fields, length };
                }
                State::Block { fields, length } => {
                    let here = (*length - fields.len()).min(chunk.len());
                    fields.extend_from_slice(&chunk.split_to(here));
                }
                _ => match chunk.get_u8() {
                    BLOCK => self.state = State::BlockLength { length: 0, read: 0 },
                    flag => return Err(Error::UnknownFlag(flag)),
                },
            }
            // Also where it is empty, and nothing comes after it.
            if let State::Block { fields, length } = &self.state
                && fields.len() == *length
            {
                let fields = block::parse(fields)?;
                self.state = State::Border;
                return Ok(Some(Piece::Block(fields)));
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

    /// What a stream is made of, as it was written.
    #[derive(Debug, Clone, PartialEq)]
    enum Part {
        Message { compressed: bool, bytes: Vec<u8> },
        Block(HeaderMap),
    }

    fn part() -> impl Strategy<Value = Part> {
        let message = (any::<bool>(), vec(any::<u8>(), 0..20))
            .prop_map(|(compressed, bytes)| Part::Message { compressed, bytes });
        let block = vec(("[a-c]{1,2}", "[!-~]{0,5}"), 0..4).prop_map(|fields| {
            let field = |(name, value): (String, String)| {
                let name: HeaderName = name.parse().expect("a name");
                (name, value.parse::<HeaderValue>().expect("a value"))
            };
            let mut block = HeaderMap::new();
            for (name, value) in fields.into_iter().map(field) {
                block.append(name, value);
            }
            Part::Block(block)
        });
        prop_oneof![3 => message, 1 => block]
    }

    fn write(parts: &[Part]) -> Bytes {
        let mut stream = BytesMut::new();
        for part in parts {
            match part {
                Part::Message { compressed, bytes } => {
                    stream.put_u8(u8::from(*compressed));
                    stream.put_u32(u32::try_from(bytes.len()).expect("short"));
                    stream.put_slice(bytes);
                }
                Part::Block(fields) => stream.put(block::frame(fields)),
            }
        }
        stream.freeze()
    }

    /// The bytes of messages between blocks, and the blocks.
    fn read(chunks: impl IntoIterator<Item = Bytes>) -> Result<(Vec<Piece>, bool), Error> {
        let mut decoder = Decoder::new();
        let mut pieces: Vec<Piece> = Vec::new();
        for mut chunk in chunks {
            while let Some(piece) = decoder.decode(&mut chunk)? {
                match (pieces.last_mut(), piece) {
                    (Some(Piece::Messages(before)), Piece::Messages(more)) => {
                        *before = [&before[..], &more[..]].concat().into();
                    }
                    (_, piece) => pieces.push(piece),
                }
            }
            assert!(chunk.is_empty(), "left over: {chunk:?}");
        }
        Ok((pieces, decoder.is_at_border()))
    }

    fn expected(parts: &[Part]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for run in
            parts.chunk_by(|a, b| !matches!((a, b), (Part::Block(_), _) | (_, Part::Block(_))))
        {
            pieces.push(match run {
                [Part::Block(fields)] => Piece::Block(fields.clone()),
                messages => Piece::Messages(write(messages)),
            });
        }
        pieces
    }

    proptest! {
        #[test]
        fn a_stream_reads_the_same_wherever_it_is_cut_in_two(parts in vec(part(), 0..8)) {
            let stream = write(&parts);
            for at in 0..=stream.len() {
                let (pieces, ended) = read([stream.slice(..at), stream.slice(at..)])?;
                prop_assert_eq!(&pieces, &expected(&parts));
                prop_assert!(ended);
            }
        }

        #[test]
        fn a_stream_reads_the_same_byte_for_byte(parts in vec(part(), 0..8)) {
            let stream = write(&parts);
            let (pieces, ended) = read((0..stream.len()).map(|at| stream.slice(at..=at)))?;
            prop_assert_eq!(&pieces, &expected(&parts));
            prop_assert!(ended);
        }

        #[test]
        fn a_stream_that_ends_within_a_frame_is_told_from_a_whole_one(part in part()) {
            let stream = write(&[part]);
            for at in 1..stream.len() {
                prop_assert!(!read([stream.slice(..at)])?.1, "whole at {}", at);
            }
        }

        #[test]
        fn any_bytes_at_all_are_read_or_refused(stream in vec(any::<u8>(), 0..200)) {
            let stream = Bytes::from(stream);
            let whole = read([stream.clone()]);
            let cut = read((0..stream.len()).map(|at| stream.slice(at..=at)));
            prop_assert_eq!(whole, cut);
        }
    }

    #[test]
    fn a_message_is_counted_when_it_begins() {
        let mut stream = Bytes::from_static(b"\0\0\0\0\x01x\x01\0\0\0\0\x80\0\0\0\0\0\0");
        let mut decoder = Decoder::new();
        let mut counts = Vec::new();
        while decoder.decode(&mut stream).expect("frames").is_some() {
            counts.push(decoder.messages());
        }
        assert_eq!(counts, [2, 2, 3]);
    }

    #[test]
    fn messages_are_handed_on_in_one_piece_and_not_copied() {
        let parts = [b"one", b"two"].map(|bytes| Part::Message {
            compressed: false,
            bytes: bytes.to_vec(),
        });
        let stream = write(&parts);
        let mut rest = stream.clone();
        let piece = Decoder::new().decode(&mut rest).expect("frames");
        let Some(Piece::Messages(bytes)) = piece else {
            panic!("{piece:?}");
        };
        assert_eq!(
            (bytes.as_ptr(), bytes.len()),
            (stream.as_ptr(), stream.len())
        );
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        let refused =
            |bytes: &'static [u8]| read([Bytes::from_static(bytes)]).expect_err("no frame");
        assert_eq!(refused(b"\x02"), Error::UnknownFlag(2));
        assert_eq!(refused(b"\x81\0\0\0\0"), Error::UnknownFlag(0x81));
        assert_eq!(
            refused(b"\x80\x00\x01\x00\x01"),
            Error::BlockTooLarge(65_537)
        );
        assert_eq!(refused(b"\x80\0\0\0\x01x"), Error::NotAField);
    }
}
