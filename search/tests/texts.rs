//! Searches find what a search by hand finds, whatever was set and cleared before.

use std::collections::BTreeMap;

use frontdesk_directory::text::{Rank, SearchTerm, fold};
use frontdesk_search::{Found, IdSet, TextIndex};
use proptest::{collection::vec, prelude::*, sample::select};
use unicode_normalization::char::is_combining_mark;

/// Rows as a person would keep them: folded name and email by id.
type Rows = BTreeMap<u32, (String, String)>;

#[derive(Clone, Debug)]
enum Change {
    Set(u32, String, String),
    Clear(u32),
}

/// Few letters, so that much is alike; and what scripts and separators do to bytes.
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
        1 => id().prop_map(Change::Clear),
    ]
}

fn applied(changes: &[Change]) -> (TextIndex, Rows) {
    let (mut texts, mut rows) = (TextIndex::new(), Rows::new());
    for change in changes {
        match change {
            Change::Set(id, name, email) => {
                let (name, email) = (fold(name).into_owned(), fold(email).into_owned());
                texts.set(*id, &name, &email);
                rows.insert(*id, (name, email));
            }
            Change::Clear(id) => {
                texts.clear(*id);
                rows.remove(id);
            }
        }
    }
    (texts, rows)
}

fn rank_by_hand(typed: &str, (name, email): &(String, String)) -> Option<Rank> {
    let folded = fold(typed);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let fields = [name, email];
    if !words
        .iter()
        .all(|word| fields.iter().any(|field| field.contains(word)))
    {
        return None;
    }
    let phrase = words.join(" ");
    let begins_word = |field: &String| {
        field.char_indices().any(|(place, _)| {
            let before = field[..place].chars().next_back();
            let inside = before.is_some_and(|c| c.is_alphanumeric() || is_combining_mark(c));
            field[place..].starts_with(&phrase) && !inside
        })
    };
    let rank = if fields.contains(&&phrase) {
        Rank::Exact
    } else if name.starts_with(&phrase) {
        Rank::NamePrefix
    } else if fields.into_iter().any(begins_word) {
        Rank::WordPrefix
    } else if fields.iter().any(|field| field.contains(&phrase)) {
        Rank::Substring
    } else {
        Rank::AllWords
    };
    Some(rank)
}

fn found_by_hand(typed: &str, rows: &Rows, keep: usize) -> Found {
    let mut found = Found::default();
    for (id, row) in rows {
        if let Some(rank) = rank_by_hand(typed, row) {
            found.counts[rank.index()] += 1;
            if found.ids[rank.index()].len() < keep {
                found.ids[rank.index()].push(*id);
            }
        }
    }
    found
}

proptest! {
    #[test]
    fn a_search_finds_what_a_search_by_hand_finds(
        changes in vec(change(), 0..60),
        typed in text(),
        keep in 0..6_usize,
    ) {
        let (texts, rows) = applied(&changes);
        let Some(needle) = SearchTerm::new(&typed) else {
            prop_assert!(fold(&typed).trim().is_empty());
            return Ok(());
        };
        let by_hand = found_by_hand(&typed, &rows, keep);
        let found = texts.find(&needle, keep);
        prop_assert_eq!(&found, &by_hand);
        prop_assert_eq!(found.total(), by_hand.counts.iter().sum::<u64>());
        for row in rows.values() {
            prop_assert_eq!(needle.matches(&row.0, &row.1), rank_by_hand(&typed, row));
        }
    }

    #[test]
    fn who_goes_on_from_id_to_id_meets_each_match_once(
        changes in vec(change(), 0..60),
        typed in text(),
        most in 1..5_usize,
    ) {
        let (texts, rows) = applied(&changes);
        let Some(needle) = SearchTerm::new(&typed) else {
            return Ok(());
        };
        let all = found_by_hand(&typed, &rows, usize::MAX);
        for rank in Rank::ALL {
            let mut walked: Vec<u32> = Vec::new();
            loop {
                let next = texts.next(&needle, rank, walked.last().copied(), most);
                prop_assert!(next.len() <= most);
                walked.extend(&next);
                if next.len() < most {
                    break;
                }
            }
            prop_assert_eq!(&walked, &all.ids[rank.index()]);
        }
        prop_assert!(Rank::ALL.iter().all(|&rank| texts.next(&needle, rank, None, 0).is_empty()));
    }

    #[test]
    fn the_bits_of_a_search_are_its_matches(changes in vec(change(), 0..60), typed in text()) {
        let (texts, rows) = applied(&changes);
        let Some(needle) = SearchTerm::new(&typed) else {
            return Ok(());
        };
        let bits = texts.bits(&needle);
        for (id, row) in &rows {
            prop_assert_eq!(bits.contains(*id), rank_by_hand(&typed, row).is_some());
        }
        prop_assert_eq!(bits.len(), texts.find(&needle, 0).total());
    }

    #[test]
    fn the_ranked_bits_of_a_search_are_those_of_each_rank(
        changes in vec(change(), 0..60),
        typed in text(),
    ) {
        let (texts, rows) = applied(&changes);
        if let Some(needle) = SearchTerm::new(&typed) {
            let ranked = texts.ranked(&needle);
            let found = found_by_hand(&typed, &rows, usize::MAX);
            for (bits, ids) in ranked.iter().zip(&found.ids) {
                prop_assert_eq!(bits.len(), ids.len() as u64);
                prop_assert!(ids.iter().all(|&id| bits.contains(id)));
            }
        }
    }

    #[test]
    fn what_is_found_in_parts_is_the_whole(
        changes in vec(change(), 0..60),
        typed in text(),
        keep in 0..9_usize,
        of in 1..5_usize,
    ) {
        let (texts, _) = applied(&changes);
        if let Some(needle) = SearchTerm::new(&typed) {
            let mut found = Found::default();
            for part in 0..of {
                found.append(texts.find_part(&needle, keep, (part, of)), keep);
            }
            prop_assert_eq!(found, texts.find(&needle, keep));
        }
    }

    #[test]
    fn the_texts_of_a_set_are_those_of_its_users(
        changes in vec(change(), 0..60),
        others in vec(id(), 0..10),
        every in 1_u32..4,
    ) {
        let (texts, rows) = applied(&changes);
        let some = rows.keys().copied().filter(|id| id % every == 0);
        let some: IdSet = some.chain(others).collect();
        let expected = rows.iter().filter(|(id, _)| some.contains(**id));
        let expected: Vec<_> = expected
            .map(|(id, (name, email))| (*id, name.clone(), email.clone()))
            .collect();
        let mut each = Vec::new();
        texts.each(&some, |id, name, email| each.push((id, name.to_owned(), email.to_owned())));
        prop_assert_eq!(each, expected);
    }

    #[test]
    fn a_snapshot_is_what_was_there(first in vec(change(), 0..30), later in vec(change(), 0..30)) {
        let (mut texts, rows) = applied(&first);
        let snapshot = texts.snapshot();
        for change in &later {
            match change {
                Change::Set(id, name, email) => texts.set(*id, &fold(name), &fold(email)),
                Change::Clear(id) => texts.clear(*id),
            }
        }
        let needle = SearchTerm::new("a").expect("a letter");
        prop_assert_eq!(snapshot.find(&needle, 9), found_by_hand("a", &rows, 9));
        let changes: Vec<Change> = first.into_iter().chain(later).collect();
        let by_hand = found_by_hand("a", &applied(&changes).1, 9);
        prop_assert_eq!(texts.find(&needle, 9), by_hand);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn long_rows_are_found_wherever_blocks_end(
        changes in vec((change(), 1..3000_usize), 0..40),
        typed in text(),
    ) {
        let changes: Vec<Change> = changes
            .into_iter()
            .map(|(change, times)| match change {
                Change::Set(id, name, email) => Change::Set(id, name.repeat(times), email),
                Change::Clear(id) => Change::Clear(id),
            })
            .collect();
        let (texts, rows) = applied(&changes);
        if let Some(needle) = SearchTerm::new(&typed) {
            prop_assert_eq!(texts.find(&needle, 50), found_by_hand(&typed, &rows, 50));
        }
    }
}
