//! Any bytes, cut anywhere, read the same as in one piece, and nothing panics.

#![cfg_attr(fuzzing, no_main)]

use bytes::Bytes;
use frontdesk_transport::frames::{Decoder, Error, Lengths, Piece, block};
use libfuzzer_sys::fuzz_target;

/// The messages' bytes between two blocks in one piece, and whether the stream may end here.
fn read(chunks: &[Bytes]) -> (Vec<Piece>, Result<bool, Error>) {
    let mut decoder = Decoder::new();
    let mut pieces: Vec<Piece> = Vec::new();
    for chunk in chunks {
        let mut chunk = chunk.clone();
        loop {
            match decoder.decode(&mut chunk) {
                Ok(None) => break,
                Ok(Some(piece)) => match (pieces.last_mut(), piece) {
                    (Some(Piece::Messages(before)), Piece::Messages(more)) => {
                        *before = [&before[..], &more[..]].concat().into();
                    }
                    (_, piece) => pieces.push(piece),
                },
                Err(error) => return (pieces, Err(error)),
            }
        }
    }
    let ended = decoder.is_at_border();
    (pieces, Ok(ended))
}

fuzz_target!(|input: (u16, &[u8])| {
    let (at, stream) = input;
    let stream = Bytes::copy_from_slice(stream);
    let at = usize::from(at).min(stream.len());
    let whole = read(std::slice::from_ref(&stream));
    assert_eq!(whole, read(&[stream.slice(..at), stream.slice(at..)]));

    for piece in whole.0 {
        match piece {
            // What is written is read again.
            Piece::Block(fields) => assert_eq!(block::parse(&block::lines(&fields)), Ok(fields)),
            Piece::Messages(bytes) => {
                let mut lengths = Vec::new();
                Lengths::new().pass(&bytes, |length| lengths.push(length));
                assert!(lengths.iter().sum::<u64>() <= bytes.len() as u64);
            }
        }
    }
});

/// Outside of cargo-fuzz the target is compiled, but not run.
#[cfg(not(fuzzing))]
fn main() {}
