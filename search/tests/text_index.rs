//! Searches, compared with a naive search of every user.

use std::collections::BTreeMap;

use frontdesk_directory::text::{Rank, SearchTerm, fold};
use frontdesk_search::{IdScan, Matches, RoaringBitmap, TextIndex};
use proptest::{collection::vec, prelude::*, sample::select};
use unicode_normalization::char::is_combining_mark;

/// Folded name and email address by id.
type Users = BTreeMap<u32, (String, String)>;

#[derive(Clone, Debug)]
enum Change {
    Set(u32, String, String),
    Remove(u32),
}

/// Few letters, so that many texts are similar; several scripts, and separators.
const PARTS: &[&str] = &[
    "a",
    "b",
    "ab",
    "aba",
    "B",
    "Á",
    "ä",
    " ",
    "  ",
    ".",
    "@",
    "-",
    "1",
    "ß",
    "ł",
    "山",
    "田",
    "太郎",
    "が",
    "か",
    "권",
    "שָ",
    "ל",
    "م",
    "👩",
    "👩\u{200d}🚀",
    "e\u{301}",
    "क्ष",
    "म",
    "\u{94d}",
    "\u{3099}",
    "\u{200c}",
    "’",
    "\t",
    "\n",
];

fn text() -> impl Strategy<Value = String> {
    vec(select(PARTS), 0..7).prop_map(|parts| parts.concat())
}

fn id() -> impl Strategy<Value = u32> {
    prop_oneof![
        8 => 0..40_u32,
        3 => 1015..1035_u32,
        1 => 5000..5010_u32,
        1 => 2_147_483_640..=2_147_483_647_u32,
    ]
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (id(), text(), text()).prop_map(|(id, name, email)| Change::Set(id, name, email)),
        1 => id().prop_map(Change::Remove),
    ]
}

fn applied(changes: &[Change]) -> (TextIndex, Users) {
    let (mut texts, mut users) = (TextIndex::new(), Users::new());
    for change in changes {
        match change {
            Change::Set(id, name, email) => {
                let (name, email) = (fold(name).into_owned(), fold(email).into_owned());
                texts.set(*id, &name, &email);
                users.insert(*id, (name, email));
            }
            Change::Remove(id) => {
                texts.remove(*id);
                users.remove(id);
            }
        }
    }
    (texts, users)
}

fn naive_rank(term: &str, (name, email): &(String, String)) -> Option<Rank> {
    let folded = fold(term);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let fields = [name, email];
    if !words
        .iter()
        .all(|word| fields.iter().any(|field| field.contains(word)))
    {
        return None;
    }
    let phrase = words.join(" ");
    let starts_word = |field: &String| {
        field.char_indices().any(|(position, _)| {
            let before = field[..position].chars().next_back();
            let inside_word = before.is_some_and(|c| c.is_alphanumeric() || is_combining_mark(c));
            field[position..].starts_with(&phrase) && !inside_word
        })
    };
    let rank = if fields.contains(&&phrase) {
        Rank::Exact
    } else if name.starts_with(&phrase) {
        Rank::NamePrefix
    } else if fields.into_iter().any(starts_word) {
        Rank::WordPrefix
    } else if fields.iter().any(|field| field.contains(&phrase)) {
        Rank::Substring
    } else {
        Rank::AllWords
    };
    Some(rank)
}

fn naive_matches(term: &str, users: &Users, limit: usize) -> Matches {
    let mut matches = Matches::default();
    for (id, user) in users {
        if let Some(rank) = naive_rank(term, user) {
            matches.counts[rank.index()] += 1;
            if matches.ids[rank.index()].len() < limit {
                matches.ids[rank.index()].push(*id);
            }
        }
    }
    matches
}

proptest! {
    #[test]
    fn the_best_matches_are_those_of_a_naive_search(
        changes in vec(change(), 0..60),
        term in text(),
        limit in 0..6_usize,
    ) {
        let (texts, users) = applied(&changes);
        let Some(parsed) = SearchTerm::new(&term) else {
            prop_assert!(fold(&term).trim().is_empty());
            return Ok(());
        };
        let expected = naive_matches(&term, &users, limit);
        let matches = texts.best_matches(&parsed, limit);
        prop_assert_eq!(&matches, &expected);
        prop_assert_eq!(matches.total(), expected.counts.iter().sum::<u64>());
        for user in users.values() {
            prop_assert_eq!(parsed.matches(&user.0, &user.1), naive_rank(&term, user));
        }
    }

    #[test]
    fn a_scan_of_the_ranks_yields_each_match_once(
        changes in vec(change(), 0..60),
        term in text(),
    ) {
        let (texts, users) = applied(&changes);
        let Some(parsed) = SearchTerm::new(&term) else {
            return Ok(());
        };
        let expected = naive_matches(&term, &users, usize::MAX).ids.concat();
        for skip in 0..=expected.len() {
            // Continues after any match, as a page does.
            let last = skip.checked_sub(1).map(|last| expected[last]);
            let ranks = texts.matching_ids_by_rank(&parsed);
            let rank = last.map_or(0, |id| {
                ranks.iter().position(|ids| ids.contains(id)).expect("a match")
            });
            let scan = IdScan::Ranked {
                ranks: ranks.into(),
                rank,
                from: last.map_or(0, |id| id + 1),
            };
            prop_assert!(scan.eq(expected[skip..].iter().copied()));
        }
    }

    #[test]
    fn the_matching_ids_are_those_of_a_naive_search(
        changes in vec(change(), 0..60),
        term in text(),
    ) {
        let (texts, users) = applied(&changes);
        let Some(parsed) = SearchTerm::new(&term) else {
            return Ok(());
        };
        let ids = texts.matching_ids(&parsed);
        for (id, user) in &users {
            prop_assert_eq!(ids.contains(*id), naive_rank(&term, user).is_some());
        }
        prop_assert_eq!(ids.len(), texts.best_matches(&parsed, 0).total());
    }

    #[test]
    fn the_matching_ids_of_each_rank_are_those_of_a_naive_search(
        changes in vec(change(), 0..60),
        term in text(),
    ) {
        let (texts, users) = applied(&changes);
        if let Some(parsed) = SearchTerm::new(&term) {
            let ranks = texts.matching_ids_by_rank(&parsed);
            let expected = naive_matches(&term, &users, usize::MAX);
            for (found, expected) in ranks.iter().zip(&expected.ids) {
                prop_assert!(found.iter().eq(expected.iter().copied()));
            }
        }
    }

    #[test]
    fn the_matches_of_all_parts_are_the_whole(
        changes in vec(change(), 0..60),
        term in text(),
        limit in 0..9_usize,
        parts in 1..5_usize,
    ) {
        let (texts, _) = applied(&changes);
        if let Some(term) = SearchTerm::new(&term) {
            let mut matches = Matches::default();
            for part in 0..parts {
                let found = texts.best_matches_of_part(&term, limit, (part, parts));
                matches.append(found, limit);
            }
            prop_assert_eq!(matches, texts.best_matches(&term, limit));
        }
    }

    #[test]
    fn for_each_reads_the_users_of_a_set(
        changes in vec(change(), 0..60),
        others in vec(id(), 0..10),
        every in 1_u32..4,
    ) {
        let (texts, users) = applied(&changes);
        let existing = users.keys().copied().filter(|id| id % every == 0);
        let ids: RoaringBitmap = existing.chain(others).collect();
        let expected = users.iter().filter(|(id, _)| ids.contains(**id));
        let expected: Vec<_> = expected
            .map(|(id, (name, email))| (*id, name.clone(), email.clone()))
            .collect();
        let mut read = Vec::new();
        texts.for_each(&ids, |id, name, email| {
            read.push((id, name.to_owned(), email.to_owned()));
        });
        prop_assert_eq!(read, expected);
    }

    #[test]
    fn a_clone_does_not_change(first in vec(change(), 0..30), later in vec(change(), 0..30)) {
        let (mut texts, users) = applied(&first);
        let before = texts.clone();
        for change in &later {
            match change {
                Change::Set(id, name, email) => texts.set(*id, &fold(name), &fold(email)),
                Change::Remove(id) => texts.remove(*id),
            }
        }
        let term = SearchTerm::new("a").expect("a term");
        prop_assert_eq!(before.best_matches(&term, 9), naive_matches("a", &users, 9));
        let changes: Vec<Change> = first.into_iter().chain(later).collect();
        let expected = naive_matches("a", &applied(&changes).1, 9);
        prop_assert_eq!(texts.best_matches(&term, 9), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn long_texts_are_found_across_block_boundaries(
        changes in vec((change(), 1..3000_usize), 0..40),
        term in text(),
    ) {
        let changes: Vec<Change> = changes
            .into_iter()
            .map(|(change, times)| match change {
                Change::Set(id, name, email) => Change::Set(id, name.repeat(times), email),
                Change::Remove(id) => Change::Remove(id),
            })
            .collect();
        let (texts, users) = applied(&changes);
        if let Some(parsed) = SearchTerm::new(&term) {
            prop_assert_eq!(
                texts.best_matches(&parsed, 50),
                naive_matches(&term, &users, 50)
            );
        }
    }
}
