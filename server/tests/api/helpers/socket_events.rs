//! What a server sends over a socket.

use std::collections::BTreeMap;

use bytes::{Buf as _, Bytes, BytesMut};
use prost::Message;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Headers or trailers.
    Headers(HeaderBlock),
    /// A message, without its prefix.
    Message(Bytes),
    /// The close code; `None` if the connection ended without a close frame.
    Closed(Option<u16>),
}

/// Headers or trailers: the values of each name, in order.
pub(crate) type HeaderBlock = BTreeMap<String, Vec<String>>;

#[derive(Debug, Default)]
pub(crate) struct SocketResponse {
    pub(crate) header_blocks: Vec<HeaderBlock>,
    pub(crate) messages: Vec<Bytes>,
    pub(crate) close_code: Option<u16>,
}

impl SocketResponse {
    /// The gRPC status in the last header block.
    pub(crate) fn status(&self) -> Option<i32> {
        self.trailer("grpc-status").parse().ok()
    }

    /// The first value of this name in the last header block, or an empty string.
    pub(crate) fn trailer(&self, name: &str) -> &str {
        let values = self.header_blocks.last().and_then(|block| block.get(name));
        values.map_or("", |values| &values[0])
    }

    pub(crate) fn decode<M: Message + Default>(&self) -> Vec<M> {
        let decoded = self.messages.iter().map(|bytes| M::decode(&bytes[..]));
        decoded
            .map(|message| message.expect("valid message"))
            .collect()
    }

    /// The gRPC status and the close code.
    pub(crate) fn end(&self) -> (Option<i32>, Option<u16>) {
        (self.status(), self.close_code)
    }
}

/// Removes the next complete frame from the buffer.
pub(crate) fn parse_event(buffer: &mut BytesMut) -> Option<Event> {
    let mut head = buffer.get(..5)?;
    let flags = head.get_u8();
    let length = head.get_u32() as usize;
    if buffer.len() < 5 + length {
        return None;
    }
    buffer.advance(5);
    let payload = buffer.split_to(length).freeze();
    Some(match flags {
        0 => Event::Message(payload),
        0x80 => Event::Headers(parse_headers(&payload)),
        other => panic!("frame with flags {other:#x}"),
    })
}

fn parse_headers(block: &[u8]) -> HeaderBlock {
    let text = std::str::from_utf8(block).expect("UTF-8");
    let mut fields = HeaderBlock::new();
    for line in text.lines() {
        let (name, value) = line.split_once(':').expect("header field");
        let values = fields.entry(name.to_owned()).or_default();
        values.push(value.trim().to_owned());
    }
    fields
}
