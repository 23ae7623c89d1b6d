//! What a person typed, and how well a row matches it.

use std::{cmp::Reverse, ops::ControlFlow};

use memchr::{memchr, memmem::Finder, memrchr};
use unicode_normalization::char::is_combining_mark;

use super::{fold, letter, rank::Rank};

/// What a person typed: a row matches where each of its words is somewhere in the name or in the
/// email, without regard to case and accents.
#[derive(Clone, Debug)]
pub struct SearchTerm {
    /// The words with one space between them.
    phrase: Finder<'static>,
    /// The longest word: it is looked for first, as it is the rarest.
    word: Finder<'static>,
    /// The other words, the longer ones first. One that is part of another is there where that is.
    others: Vec<Finder<'static>>,
}

impl SearchTerm {
    /// `None` where nothing was typed, or nothing but space. How long a text may be is the caller's
    /// to say.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let folded = fold(text);
        let phrase = folded.trim_matches(' ');
        let mut words: Vec<&str> = phrase.split(' ').collect();
        words.sort_by_key(|word| Reverse(word.len()));
        let mut kept: Vec<&str> = Vec::new();
        for word in words {
            if !kept.iter().any(|longer| longer.contains(word)) {
                kept.push(word);
            }
        }
        let (word, others) = kept.split_first().filter(|(word, _)| !word.is_empty())?;
        let finder = |word: &str| Finder::new(word).into_owned();
        Some(Self {
            phrase: finder(phrase),
            word: finder(word),
            others: others.iter().map(|word| finder(word)).collect(),
        })
    }

    /// Whether one word is all there is to look for.
    fn is_word(&self) -> bool {
        self.word.needle().len() == self.phrase.needle().len()
    }

    /// How well a folded name and a folded email match; `None` where they don't.
    #[must_use]
    pub fn matches(&self, name: &str, email: &str) -> Option<Rank> {
        // A block of one row: there is one way to rank.
        let text = format!("\n{name}\t{email}");
        let mut found = None;
        _ = self.scan(&text, |_, rank| {
            found = Some(rank);
            ControlFlow::Break(())
        });
        found
    }

    /// Says of each row of a block's text that matches, in order, a place in its line and its rank.
    pub fn scan(
        &self,
        text: &str,
        mut hit: impl FnMut(usize, Rank) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let bytes = text.as_bytes();
        if let ([letter @ 0..0x80], true) = (self.word.needle(), self.is_word())
            && letter::is_frequent(*letter, text)
        {
            return letter::scan(*letter, text, hit);
        }
        let mut found = next(&self.word, bytes, 0);
        while let Some(place) = found {
            let end = memchr(b'\n', &bytes[place..]).map_or(bytes.len(), |feed| place + feed);
            let rank;
            (rank, found) = if self.is_word() {
                self.rank(text, place, end)
            } else {
                (
                    self.rank_of_words(text, place, end),
                    next(&self.word, bytes, end),
                )
            };
            if let Some(rank) = rank {
                hit(place, rank)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The rank of a line that has all words where it has the one at `place`.
    fn rank_of_words(&self, text: &str, place: usize, end: usize) -> Option<Rank> {
        let bytes = text.as_bytes();
        let start = memrchr(b'\n', &bytes[..place]).map_or(0, |feed| feed + 1);
        let line = &bytes[start..end];
        if self.others.iter().any(|word| word.find(line).is_none()) {
            return None;
        }
        let Some(phrase) = self.phrase.find(line) else {
            return Some(Rank::Words);
        };
        // No text behind the line: where the next phrase is does not matter.
        self.rank(&text[..end], start + phrase, end).0
    }

    /// The rank of a line whose first phrase is at `first`, and where the next line's is.
    fn rank(&self, text: &str, first: usize, end: usize) -> (Option<Rank>, Option<usize>) {
        let bytes = text.as_bytes();
        let length = self.phrase.needle().len();
        // It has no tab: where one is before it, there the email begins.
        let last = end - length;
        if bytes[last - 1] == b'\t' && &bytes[last..end] == self.phrase.needle() {
            return (Some(Rank::Whole), next(&self.phrase, bytes, end));
        }
        if bytes[first - 1] == b'\n' {
            let whole = bytes.get(first + length) == Some(&b'\t');
            let rank = if whole { Rank::Whole } else { Rank::NameBegins };
            return (Some(rank), next(&self.phrase, bytes, end));
        }
        let mut place = first;
        while !begins_word(text, place) {
            match next(&self.phrase, bytes, place + 1) {
                Some(next) if next < end => place = next,
                beyond => return (Some(Rank::Anywhere), beyond),
            }
        }
        (Some(Rank::WordBegins), next(&self.phrase, bytes, end))
    }
}

fn next(finder: &Finder, bytes: &[u8], from: usize) -> Option<usize> {
    let rest = &bytes[from..];
    let next = match finder.needle() {
        [byte] => memchr(*byte, rest),
        _ => finder.find(rest),
    };
    next.map(|next| from + next)
}

/// Whether what stands before `place` ends a word, or is no part of one.
pub(crate) fn begins_word(text: &str, place: usize) -> bool {
    match text.as_bytes()[place - 1] {
        byte @ 0..0x80 => !byte.is_ascii_alphanumeric(),
        _ => text[..place]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_alphanumeric() && !is_combining_mark(before)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(typed: &str, name: &str, email: &str) -> Option<Rank> {
        SearchTerm::new(typed)?.matches(&fold(name), &fold(email))
    }

    #[test]
    fn space_is_nothing_to_look_for() {
        assert!(SearchTerm::new("").is_none());
        assert!(SearchTerm::new(" \t\u{3000}").is_none());
    }

    #[test]
    fn the_better_the_place_the_better_the_rank() {
        for (typed, expected) in [
            ("ZOË SOKOŁÓW", Rank::Whole),
            ("zoe@example.com", Rank::Whole),
            ("zoe s", Rank::NameBegins),
            ("sok", Rank::WordBegins),
            ("com", Rank::WordBegins),
            ("oko", Rank::Anywhere),
            (".com", Rank::Anywhere),
            ("sokolow zoe", Rank::Words),
            ("e x", Rank::Words),
        ] {
            let found = rank(typed, "Zoë  Sokołów", "zoe@example.com");
            assert_eq!(found, Some(expected), "{typed}");
        }
    }

    #[test]
    fn one_word_that_is_not_there_is_no_match() {
        assert_eq!(rank("zoe jones", "Zoë Sokołów", "zoe@example.com"), None);
        assert_eq!(
            rank("w zoe@", "Zoë Sokołów", "zoe@example.com"),
            Some(Rank::Words)
        );
    }

    #[test]
    fn a_text_is_not_found_across_two_fields() {
        assert_eq!(rank("adaada", "ada", "ada@x"), None);
        assert_eq!(rank("ada ada", "ada", "ada@x"), Some(Rank::Words));
    }

    #[test]
    fn what_was_never_folded_is_no_reason_to_panic() {
        let needle = SearchTerm::new("ada b").expect("a needle");
        for (name, email) in [("ada b\n", ""), ("x\ty", "\nada b"), ("\t\n", "ada b\n\t")] {
            _ = needle.matches(name, email);
        }
    }

    #[test]
    fn the_best_of_several_places_counts() {
        assert_eq!(rank("an", "Joan Anders", "j@x"), Some(Rank::WordBegins));
        assert_eq!(rank("an", "Joan", "an"), Some(Rank::Whole));
        assert_eq!(rank("aa", "Maaa Aa", "j@x"), Some(Rank::WordBegins));
    }

    #[test]
    fn words_begin_behind_what_is_no_letter_in_any_script() {
        assert_eq!(rank("太郎", "山田 太郎", "t@x"), Some(Rank::WordBegins));
        assert_eq!(rank("太郎", "山田太郎", "t@x"), Some(Rank::Anywhere));
        assert_eq!(
            rank("ষমা", "ক্ষমা", "k@x"),
            Some(Rank::Anywhere),
            "a virama joins"
        );
        assert_eq!(rank("neil", "O'Neil", "o@x"), Some(Rank::WordBegins));
    }
}
