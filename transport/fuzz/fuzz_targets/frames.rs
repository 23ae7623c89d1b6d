//! Arbitrary bytes decode the same wherever they are cut, and nothing panics.

#![cfg_attr(fuzzing, no_main)]

use bytes::Bytes;
use frontdesk_transport::frames::{Decoded, Decoder, Error, FrameScanner, header_block};
use libfuzzer_sys::fuzz_target;

/// The header blocks and the message bytes between them, and whether the stream may end there.
fn decode(chunks: &[Bytes]) -> (Vec<Decoded>, Result<bool, Error>) {
    let mut decoder = Decoder::new();
    let mut parts: Vec<Decoded> = Vec::new();
    for chunk in chunks {
        let mut chunk = chunk.clone();
        loop {
            match decoder.decode(&mut chunk) {
                Ok(None) => break,
                Ok(Some(part)) => match (parts.last_mut(), part) {
                    (Some(Decoded::Messages(before)), Decoded::Messages(more)) => {
                        *before = [&before[..], &more[..]].concat().into();
                    }
                    (_, part) => parts.push(part),
                },
                Err(error) => return (parts, Err(error)),
            }
        }
    }
    let is_at_boundary = decoder.is_at_boundary();
    (parts, Ok(is_at_boundary))
}

fuzz_target!(|input: (u16, &[u8])| {
    let (at, stream) = input;
    let stream = Bytes::copy_from_slice(stream);
    let at = usize::from(at).min(stream.len());
    let whole = decode(std::slice::from_ref(&stream));
    assert_eq!(whole, decode(&[stream.slice(..at), stream.slice(at..)]));

    for part in whole.0 {
        match part {
            Decoded::HeaderBlock(fields) => {
                let lines = header_block::encode_lines(&fields);
                assert_eq!(header_block::parse(&lines), Ok(fields));
            }
            Decoded::Messages(bytes) => {
                let mut lengths = Vec::new();
                FrameScanner::new().scan(&bytes, |length| lengths.push(length));
                assert!(lengths.iter().sum::<u64>() <= bytes.len() as u64);
            }
        }
    }
});

/// Outside of cargo-fuzz the target is compiled, but not run.
#[cfg(not(fuzzing))]
fn main() {}
