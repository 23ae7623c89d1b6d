//! Scans for a single frequent ASCII character, 64 bytes at a time as bit masks.
//!
//! `memchr` returns to the caller for every occurrence, which dominates the scan when nearly every
//! line contains the character.

use std::ops::ControlFlow;

use memchr::memchr_iter;

use super::{rank::Rank, word::starts_word};

/// A character is frequent if it occurs at least `FREQUENT` times in the first `SAMPLE` bytes.
const SAMPLE: usize = 2048;
const FREQUENT: usize = 32;

/// Whether `byte` is so frequent in the text of a block that [`scan`] is faster than `memchr`.
pub(super) fn is_frequent(byte: u8, text: &str) -> bool {
    let sample = &text.as_bytes()[..text.len().min(SAMPLE)];
    memchr_iter(byte, sample).count() >= FREQUENT
}

/// Does what `SearchTerm::scan` does for a term of one ASCII character.
pub(super) fn scan(
    byte: u8,
    text: &str,
    mut on_match: impl FnMut(usize, Rank) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let bytes = text.as_bytes();
    let (chunks, rest) = bytes.as_chunks::<64>();
    let mut last = [b'\n'; 64];
    last[..rest.len()].copy_from_slice(rest);

    let mut line = Line::default();
    // Whether the last byte of the previous chunk belongs to a word, and whether it is not ASCII.
    let (mut ended_in_word, mut ended_non_ascii) = (0, 0);
    for (number, chunk) in chunks.iter().chain([&last]).enumerate() {
        let offset = number * 64;
        let non_ascii = mask(chunk, |byte| byte >= 0x80);
        let word = non_ascii | mask(chunk, |byte| byte.is_ascii_alphanumeric());
        let found = mask(chunk, |other| other == byte);
        let word_starts = found & !(word << 1 | ended_in_word);
        let uncertain = found & (non_ascii << 1 | ended_non_ascii);
        (ended_in_word, ended_non_ascii) = (word >> 63, non_ascii >> 63);

        let mut line_feeds = mask(chunk, |byte| byte == b'\n');
        // The bytes of the chunk that no finished line covers.
        let mut remaining = u64::MAX;
        while line_feeds != 0 {
            let before = (line_feeds & line_feeds.wrapping_neg()) - 1;
            line.add(remaining & before, found, word_starts, uncertain);
            let end = offset + line_feeds.trailing_zeros() as usize;
            if line.found != 0 {
                on_match(line.start, line.rank(byte, text, end))?;
            }
            if end >= bytes.len() {
                return ControlFlow::Continue(());
            }
            line = Line {
                start: end + 1,
                ..Line::default()
            };
            remaining = !(before << 1 | 1);
            line_feeds &= line_feeds - 1;
        }
        line.add(remaining, found, word_starts, uncertain);
    }
    ControlFlow::Continue(())
}

/// The masks of a line. If it extends over several chunks, they are combined with OR: only whether
/// a mask is empty matters.
#[derive(Default)]
struct Line {
    start: usize,
    /// Where the character occurs.
    found: u64,
    /// Where it certainly starts a word.
    word_starts: u64,
    /// Where the character before it is not ASCII and has to be decoded.
    uncertain: u64,
}

impl Line {
    fn add(&mut self, range: u64, found: u64, word_starts: u64, uncertain: u64) {
        self.found |= found & range;
        self.word_starts |= word_starts & range;
        self.uncertain |= uncertain & range;
    }

    fn rank(&self, byte: u8, text: &str, end: usize) -> Rank {
        let bytes = text.as_bytes();
        if bytes[end - 1] == byte && bytes[end - 2] == b'\t' {
            return Rank::Exact;
        }
        if self.word_starts == 0 {
            let starts_a_word = self.uncertain != 0
                && memchr_iter(byte, &bytes[self.start..end])
                    .any(|position| starts_word(text, self.start + position));
            return if starts_a_word {
                Rank::WordPrefix
            } else {
                Rank::Substring
            };
        }
        match bytes[self.start..] {
            [first, b'\t', ..] if first == byte => Rank::Exact,
            [first, ..] if first == byte => Rank::NamePrefix,
            _ => Rank::WordPrefix,
        }
    }
}

/// A bit for each byte of the chunk that satisfies the predicate, the first byte in the lowest bit.
fn mask(chunk: &[u8; 64], predicate: impl Fn(u8) -> bool) -> u64 {
    // Written so that the comparison is vectorized. The multiplication then gathers the highest bits
    // of eight bytes in the highest byte of the product.
    let flags = chunk.map(|byte| if predicate(byte) { 0x80 } else { 0 });
    let (words, _) = flags.as_chunks::<8>();
    words.iter().rev().fold(0, |mask, word| {
        let word = u64::from_le_bytes(*word);
        mask << 8 | word.wrapping_mul(0x0002_0408_1020_4081) >> 56
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_a_mask_are_in_the_order_of_the_bytes() {
        let positions = [0, 1, 7, 8, 31, 62, 63];
        let mut chunk = [0; 64];
        for position in positions {
            chunk[position] = 1;
        }
        let expected = positions
            .iter()
            .fold(0, |mask, position| mask | 1 << position);
        assert_eq!(mask(&chunk, |byte| byte == 1), expected);
    }
}
