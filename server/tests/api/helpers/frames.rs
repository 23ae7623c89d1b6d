//! gRPC's length-prefixed messages and the trailers frame of gRPC-Web.

use bytes::{Buf as _, Bytes};
use prost::Message;

/// An uncompressed message with its prefix.
pub(crate) fn frame_message(message: &impl Message) -> Vec<u8> {
    let bytes = message.encode_to_vec();
    let length = u32::try_from(bytes.len()).expect("small message");
    [&[0], &length.to_be_bytes()[..], &bytes].concat()
}

/// One frame of a gRPC or gRPC-Web body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Message(Bytes),
    Trailers(String),
}

/// Splits a body into frames; panics if the last one is incomplete.
pub(crate) fn parse_frames(body: &Bytes) -> Vec<Frame> {
    let mut rest = body.clone();
    let mut frames = Vec::new();
    while rest.has_remaining() {
        let flags = rest.get_u8();
        let length = rest.get_u32() as usize;
        let payload = rest.split_to(length);
        frames.push(match flags {
            0 => Frame::Message(payload),
            0x80 => Frame::Trailers(String::from_utf8(payload.to_vec()).expect("UTF-8")),
            other => panic!("frame with flags {other:#x}"),
        });
    }
    frames
}

/// Decodes the messages of these frames; panics if trailers are among them.
pub(crate) fn messages<M: Message + Default>(frames: &[Frame]) -> Vec<M> {
    frames
        .iter()
        .map(|frame| match frame {
            Frame::Message(bytes) => M::decode(bytes.clone()).expect("valid message"),
            Frame::Trailers(text) => panic!("trailers before the end: {text}"),
        })
        .collect()
}
