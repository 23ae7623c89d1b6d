//! Search terms, and how well texts match them.

use std::{cmp::Reverse, ops::ControlFlow};

use memchr::{memchr, memmem::Finder, memrchr};

use super::{byte_scan, fold, rank::Rank, word::starts_word};

/// A search term. A user matches if each word of the term occurs in the name or in the email
/// address, ignoring case and accents.
#[derive(Clone, Debug)]
pub struct SearchTerm {
    /// The words, separated by single spaces.
    phrase: Finder<'static>,
    /// The longest word. It is searched first because it is the rarest.
    longest: Finder<'static>,
    /// The other words, longest first. A word that is part of a longer one needs no search.
    others: Vec<Finder<'static>>,
}

impl SearchTerm {
    /// Prepares a term. Returns `None` if nothing is left of the text after folding and trimming.
    /// The caller limits the length of the text, see [`Query::MAX_CHARS`](crate::Query::MAX_CHARS).
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let folded = fold(text);
        let phrase = folded.trim_matches(' ');
        let mut words: Vec<&str> = phrase.split(' ').collect();
        words.sort_by_key(|word| Reverse(word.len()));
        let mut needed: Vec<&str> = Vec::new();
        for word in words {
            if !needed.iter().any(|longer| longer.contains(word)) {
                needed.push(word);
            }
        }
        let (longest, others) = needed.split_first().filter(|(word, _)| !word.is_empty())?;
        let finder = |word: &str| Finder::new(word).into_owned();
        Some(Self {
            phrase: finder(phrase),
            longest: finder(longest),
            others: others.iter().map(|word| finder(word)).collect(),
        })
    }

    /// Whether the term is a single word.
    fn is_word(&self) -> bool {
        self.longest.needle().len() == self.phrase.needle().len()
    }

    /// How well a [`fold()`]ed name and a folded email address match; `None` if they do not.
    #[must_use]
    pub fn matches(&self, name: &str, email: &str) -> Option<Rank> {
        // A block with one line: every match is ranked by the same code.
        let text = format!("\n{name}\t{email}");
        let mut found = None;
        _ = self.scan(&text, |_, rank| {
            found = Some(rank);
            ControlFlow::Break(())
        });
        found
    }

    /// Finds the matching lines of a block of text, in order, and calls `on_match` with a position
    /// in each of them and its rank.
    ///
    /// A block is a sequence of lines, each of them `\n`, optionally followed by a folded name, `\t`
    /// and a folded email address.
    pub fn scan(
        &self,
        text: &str,
        mut on_match: impl FnMut(usize, Rank) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let bytes = text.as_bytes();
        if let ([byte @ 0..0x80], true) = (self.longest.needle(), self.is_word())
            && byte_scan::is_frequent(*byte, text)
        {
            return byte_scan::scan(*byte, text, on_match);
        }
        let mut found = find_from(&self.longest, bytes, 0);
        while let Some(position) = found {
            let end = memchr(b'\n', &bytes[position..]).map_or(bytes.len(), |feed| position + feed);
            let rank;
            (rank, found) = if self.is_word() {
                self.phrase_rank(text, position, end)
            } else {
                (
                    self.words_rank(text, position, end),
                    find_from(&self.longest, bytes, end),
                )
            };
            if let Some(rank) = rank {
                on_match(position, rank)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The rank of the line around `position`, where the longest word was found; `None` unless it
    /// contains the other words.
    fn words_rank(&self, text: &str, position: usize, end: usize) -> Option<Rank> {
        let bytes = text.as_bytes();
        let start = memrchr(b'\n', &bytes[..position]).map_or(0, |feed| feed + 1);
        let line = &bytes[start..end];
        if self.others.iter().any(|word| word.find(line).is_none()) {
            return None;
        }
        let Some(phrase) = self.phrase.find(line) else {
            return Some(Rank::AllWords);
        };
        // The text is cut after the line: the position of the next phrase is not needed.
        self.phrase_rank(&text[..end], start + phrase, end).0
    }

    /// The rank of the line whose first phrase is at `first`, and the position of the first phrase
    /// after that line.
    fn phrase_rank(&self, text: &str, first: usize, end: usize) -> (Option<Rank>, Option<usize>) {
        let bytes = text.as_bytes();
        let length = self.phrase.needle().len();
        // A phrase contains no tab: one directly before it separates name and email address.
        let last = end - length;
        if bytes[last - 1] == b'\t' && &bytes[last..end] == self.phrase.needle() {
            return (Some(Rank::Exact), find_from(&self.phrase, bytes, end));
        }
        if bytes[first - 1] == b'\n' {
            let is_whole_name = bytes.get(first + length) == Some(&b'\t');
            let rank = if is_whole_name {
                Rank::Exact
            } else {
                Rank::NamePrefix
            };
            return (Some(rank), find_from(&self.phrase, bytes, end));
        }
        let mut position = first;
        while !starts_word(text, position) {
            match find_from(&self.phrase, bytes, position + 1) {
                Some(next) if next < end => position = next,
                next => return (Some(Rank::Substring), next),
            }
        }
        (Some(Rank::WordPrefix), find_from(&self.phrase, bytes, end))
    }
}

fn find_from(finder: &Finder, bytes: &[u8], from: usize) -> Option<usize> {
    let rest = &bytes[from..];
    let found = match finder.needle() {
        [byte] => memchr(*byte, rest),
        _ => finder.find(rest),
    };
    found.map(|position| from + position)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    fn rank(term: &str, name: &str, email: &str) -> Option<Rank> {
        SearchTerm::new(term)?.matches(&fold(name), &fold(email))
    }

    #[test]
    fn white_space_is_not_a_term() {
        assert!(SearchTerm::new("").is_none());
        assert!(SearchTerm::new(" \t\u{3000}").is_none());
    }

    #[test]
    fn the_rank_depends_on_where_the_term_occurs() {
        for (term, expected) in [
            ("ZOË SOKOŁÓW", Rank::Exact),
            ("zoe@example.com", Rank::Exact),
            ("zoe s", Rank::NamePrefix),
            ("sok", Rank::WordPrefix),
            ("com", Rank::WordPrefix),
            ("oko", Rank::Substring),
            (".com", Rank::Substring),
            ("sokolow zoe", Rank::AllWords),
            ("e x", Rank::AllWords),
        ] {
            let found = rank(term, "Zoë  Sokołów", "zoe@example.com");
            assert_eq!(found, Some(expected), "{term}");
        }
    }

    #[test]
    fn every_word_has_to_occur() {
        assert_eq!(rank("zoe jones", "Zoë Sokołów", "zoe@example.com"), None);
        assert_eq!(
            rank("w zoe@", "Zoë Sokołów", "zoe@example.com"),
            Some(Rank::AllWords)
        );
    }

    #[test]
    fn a_word_does_not_match_across_fields() {
        assert_eq!(rank("adaada", "ada", "ada@x"), None);
        assert_eq!(rank("ada ada", "ada", "ada@x"), Some(Rank::AllWords));
    }

    #[test]
    fn separators_in_unfolded_texts_do_not_panic() {
        let term = SearchTerm::new("ada b").expect("a term");
        for (name, email) in [("ada b\n", ""), ("x\ty", "\nada b"), ("\t\n", "ada b\n\t")] {
            _ = term.matches(name, email);
        }
    }

    #[test]
    fn the_best_of_several_occurrences_counts() {
        assert_eq!(rank("an", "Joan Anders", "j@x"), Some(Rank::WordPrefix));
        assert_eq!(rank("an", "Joan", "an"), Some(Rank::Exact));
        assert_eq!(rank("aa", "Maaa Aa", "j@x"), Some(Rank::WordPrefix));
    }

    #[test]
    fn words_start_after_any_character_that_is_no_letter_in_any_script() {
        assert_eq!(rank("太郎", "山田 太郎", "t@x"), Some(Rank::WordPrefix));
        assert_eq!(rank("太郎", "山田太郎", "t@x"), Some(Rank::Substring));
        assert_eq!(
            rank("ষমা", "ক্ষমা", "k@x"),
            Some(Rank::Substring),
            "a virama joins letters"
        );
        assert_eq!(rank("neil", "O'Neil", "o@x"), Some(Rank::WordPrefix));
    }

    const PARTS: &[&str] = &[
        "a", "e", " ", ".", "@", "bcd", "1", "が", "太", "e\u{94d}", "👩",
    ];

    /// The text of a block: some lines are empty, some are longer than 64 bytes.
    fn block() -> impl Strategy<Value = String> {
        let field = || vec(select(PARTS), 0..16).prop_map(|parts| parts.concat());
        let user = (field(), field()).prop_map(|(name, email)| format!("\n{name}\t{email}"));
        let line = prop_oneof![1 => Just("\n".to_owned()), 4 => user];
        vec(line, 0..20).prop_map(|lines| lines.concat())
    }

    proptest! {
        #[test]
        fn a_byte_scan_ranks_each_line_as_it_is_ranked_alone(
            text in block(),
            byte in select(&b"aeb.@1"[..]),
        ) {
            let term = SearchTerm::new(&char::from(byte).to_string()).expect("a term");
            let expected: Vec<Option<Rank>> = text
                .split('\n')
                .map(|line| {
                    let (name, email) = line.split_once('\t')?;
                    term.matches(name, email)
                })
                .collect();
            let mut found = vec![None; expected.len()];
            _ = byte_scan::scan(byte, &text, |position, rank| {
                found[text[..position].matches('\n').count()] = Some(rank);
                ControlFlow::Continue(())
            });
            prop_assert_eq!(found, expected);
        }
    }
}
