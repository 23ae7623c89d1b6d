//! Searches for one character that is in most lines: 64 bytes at once, as bits.

use std::ops::ControlFlow;

use memchr::memchr_iter;

use super::{rank::Rank, search_term::begins_word};

/// How many bytes are looked at to tell whether a letter is frequent, and from how many on it is.
const SAMPLE: usize = 2048;
const FREQUENT: usize = 32;

/// Whether a letter is so frequent in a block's text that going from one to the next is slower.
pub(crate) fn is_frequent(letter: u8, text: &str) -> bool {
    let sample = &text.as_bytes()[..text.len().min(SAMPLE)];
    memchr_iter(letter, sample).count() >= FREQUENT
}

/// What `SearchTerm::scan` does, for one ASCII character that is all there is to look for.
pub(crate) fn scan(
    letter: u8,
    text: &str,
    mut hit: impl FnMut(usize, Rank) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let bytes = text.as_bytes();
    let (chunks, rest) = bytes.as_chunks::<64>();
    let mut last = [b'\n'; 64];
    last[..rest.len()].copy_from_slice(rest);

    let mut line = Line::default();
    // Whether the byte before the chunk is inside of a word, and whether it is part of a character.
    let (mut inside, mut part) = (0, 0);
    for (number, chunk) in chunks.iter().chain([&last]).enumerate() {
        let at = number * 64;
        let parts = bits(chunk, |byte| byte >= 0x80);
        let words = parts | bits(chunk, |byte| byte.is_ascii_alphanumeric());
        let letters = bits(chunk, |byte| byte == letter);
        let begins = letters & !(words << 1 | inside);
        let unsure = letters & (parts << 1 | part);
        (inside, part) = (words >> 63, parts >> 63);

        let mut feeds = bits(chunk, |byte| byte == b'\n');
        let mut open = u64::MAX;
        while feeds != 0 {
            let before = (feeds & feeds.wrapping_neg()) - 1;
            let here = open & before;
            line.letters |= letters & here;
            line.begins |= begins & here;
            line.unsure |= unsure & here;
            let end = at + feeds.trailing_zeros() as usize;
            if line.letters != 0 {
                hit(line.start, line.rank(letter, text, end))?;
            }
            if end >= bytes.len() {
                return ControlFlow::Continue(());
            }
            line = Line {
                start: end + 1,
                ..Line::default()
            };
            open = !(before << 1 | 1);
            feeds &= feeds - 1;
        }
        line.letters |= letters & open;
        line.begins |= begins & open;
        line.unsure |= unsure & open;
    }
    ControlFlow::Continue(())
}

/// What is known of a line so far; where it lies in several chunks, their bits lie over each other.
#[derive(Default)]
struct Line {
    start: usize,
    /// Where the letter is.
    letters: u64,
    /// Where it begins a word for sure.
    begins: u64,
    /// Where a character that is not ASCII is before it.
    unsure: u64,
}

impl Line {
    fn rank(&self, letter: u8, text: &str, end: usize) -> Rank {
        let bytes = text.as_bytes();
        if bytes[end - 1] == letter && bytes[end - 2] == b'\t' {
            return Rank::Whole;
        }
        if self.begins == 0 {
            let begins = self.unsure != 0
                && memchr_iter(letter, &bytes[self.start..end])
                    .any(|place| begins_word(text, self.start + place));
            return if begins {
                Rank::WordBegins
            } else {
                Rank::Anywhere
            };
        }
        match bytes[self.start..] {
            [first, b'\t', ..] if first == letter => Rank::Whole,
            [first, ..] if first == letter => Rank::NameBegins,
            _ => Rank::WordBegins,
        }
    }
}

/// A bit for each byte that is so.
fn bits(chunk: &[u8; 64], is: impl Fn(u8) -> bool) -> u64 {
    // Compared side by side by vector instructions, and then eight at a time: each byte's highest
    // bit is moved to the highest byte, where the product has them next to each other.
    let flags = chunk.map(|byte| if is(byte) { 0x80 } else { 0 });
    let (words, _) = flags.as_chunks::<8>();
    words.iter().rev().fold(0, |bits, word| {
        let word = u64::from_le_bytes(*word);
        bits << 8 | word.wrapping_mul(0x0002_0408_1020_4081) >> 56
    })
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::super::SearchTerm;
    use super::*;

    const PARTS: &[&str] = &[
        "a", "e", " ", ".", "@", "bcd", "1", "が", "太", "e\u{94d}", "👩",
    ];

    /// Lines as they are in a block; some are empty, some are longer than 64 bytes.
    fn text() -> impl Strategy<Value = String> {
        let field = || vec(select(PARTS), 0..16).prop_map(|parts| parts.concat());
        let row = (field(), field()).prop_map(|(name, email)| format!("\n{name}\t{email}"));
        let line = prop_oneof![1 => Just("\n".to_owned()), 4 => row];
        vec(line, 0..20).prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn each_line_has_the_rank_that_it_has_alone(text in text(), letter in select(&b"aeb.@1"[..])) {
            let needle = SearchTerm::new(&char::from(letter).to_string()).expect("a needle");
            let alone: Vec<Option<Rank>> = text
                .split('\n')
                .map(|line| needle.matches(line.split_once('\t')?.0, line.split_once('\t')?.1))
                .collect();
            let mut found = vec![None; alone.len()];
            _ = scan(letter, &text, |place, rank| {
                found[text[..place].matches('\n').count()] = Some(rank);
                ControlFlow::Continue(())
            });
            prop_assert_eq!(found, alone);
        }
    }

    #[test]
    fn bits_are_in_the_order_of_their_bytes() {
        let mut chunk = [0; 64];
        for place in [0, 1, 7, 8, 31, 62, 63] {
            chunk[place] = 1;
        }
        let expected = 1 | 1 << 1 | 1 << 7 | 1 << 8 | 1 << 31 | 1 << 62 | 1 << 63;
        assert_eq!(bits(&chunk, |byte| byte == 1), expected);
    }
}
