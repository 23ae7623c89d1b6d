//! What makes texts alike without regard to case and accents.

use std::borrow::Cow;

use any_ascii::any_ascii_char;
use unicase::UniCase;
use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class};

/// `text` without case, accents and ways of writing: `Zoë` is `zoe`, `SOKOŁÓW` is `sokolow`, `Straße`
/// is `strasse`. Two texts that people take for the same have the same fold.
///
/// - Letters of Latin lose what hangs on them; Greek, Cyrillic, Arabic and Hebrew lose accents and
///   points; marks that make another letter of one (kana's voicing, a virama) stay.
/// - Hangul and kana are whole characters, full width and half width alike.
/// - White space is one space, however much there was: neither `\n` nor `\t` is in a fold, they
///   are what separates folds.
/// - Apostrophes and hyphens are `'` and `-`, as keyboards have them; what has no looks, joiners and
///   marks of direction, is left out.
/// - A fold folds to itself. It is borrowed where the text was one already and is ASCII.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        return Cow::Owned(spaced(unaccented(text)));
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) || !is_spaced(text) {
        return Cow::Owned(spaced(text.to_ascii_lowercase()));
    }
    Cow::Borrowed(text)
}

fn unaccented(text: &str) -> String {
    // Taken apart before, as the marks of a capital fold with it; and after, as what a letter folds
    // to can be composed.
    let apart: String = text.nfkd().collect();
    let folded = UniCase::unicode(apart.as_str()).to_folded_case();
    let mut plain = String::with_capacity(folded.len());
    for character in folded.nfkd() {
        match character {
            '\0'..='\x7f' => plain.push(character),
            '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}' => plain.push('\''),
            '\u{2010}'..='\u{2015}' => plain.push('-'),
            _ if is_latin(character) => {
                plain.push_str(&any_ascii_char(character).to_ascii_lowercase());
            }
            _ if is_accent(character) || is_unseen(character) => {}
            _ => plain.push(character),
        }
    }
    if plain.is_ascii() {
        return plain;
    }
    plain.nfc().collect()
}

/// A letter of Latin that Unicode does not take apart.
fn is_latin(character: char) -> bool {
    matches!(character, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') && character.is_alphabetic()
}

/// A mark that a letter can go without. 8 makes another kana of one, 9 joins letters of Indian
/// scripts: words would become others without them. 0 are vowels that have a place of their own.
fn is_accent(character: char) -> bool {
    !matches!(canonical_combining_class(character), 0 | 8 | 9)
}

/// What has no looks of its own: joiners, marks of direction, which picture to show of a character.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether white space is one space each time.
fn is_spaced(text: &str) -> bool {
    let mut after_space = false;
    text.chars().all(|character| {
        let fine = !character.is_whitespace() || character == ' ' && !after_space;
        after_space = character == ' ';
        fine
    })
}

fn spaced(text: String) -> String {
    if is_spaced(&text) {
        return text;
    }
    let mut spaced = String::with_capacity(text.len());
    for character in text.chars() {
        if !character.is_whitespace() {
            spaced.push(character);
        } else if !spaced.ends_with(' ') {
            spaced.push(' ');
        }
    }
    spaced
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_found_without_their_accents() {
        for (name, folded) in [
            ("Zoë", "zoe"),
            ("Sokołów", "sokolow"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("Bjørn Ødegård", "bjorn odegard"),
            ("Đorđe", "dorde"),
            ("Ægir Cæsar", "aegir caesar"),
            ("Œuvre", "oeuvre"),
            ("Þór", "thor"),
            ("Işıl İnan", "isil inan"),
            ("Nguyễn Thị Ánh", "nguyen thi anh"),
            ("ﬁancé", "fiance"),
            ("Ｚｏｅ", "zoe"),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    #[test]
    fn other_scripts_lose_case_and_accents_too() {
        for (name, folded) in [
            ("Ελένη ΣΊΣΥΦΟΣ", "ελενη σισυφοσ"),
            ("ЮРИЙ Ёлкин", "юрии елкин"),
            ("שָׁלוֹם", "שלום"),
            ("مُحَمَّد", "محمد"),
        ] {
            assert_eq!(fold(name), folded, "{name}");
        }
    }

    #[test]
    fn marks_that_make_another_letter_stay() {
        for text in ["권민준", "がぱ", "ガパ", "ক্ষমা", "हिन्दी", "山田太郎"]
        {
            assert_eq!(fold(text), text);
        }
        assert_ne!(fold("か"), fold("が"));
        assert_eq!(fold("ｶﾞ"), "ガ", "half width");
        assert_eq!(fold("\u{1100}\u{1161}"), "가", "typed as jamo");
    }

    #[test]
    fn white_space_is_one_space() {
        assert_eq!(fold("Ada\t\n Lovelace"), "ada lovelace");
        assert_eq!(fold("山田\u{3000}\u{a0}太郎"), "山田 太郎");
        assert_eq!(fold("a\u{85}b\u{2028}c\u{b}d"), "a b c d");
    }

    #[test]
    fn keyboards_differ_in_what_can_hardly_be_seen() {
        assert_eq!(fold("O’Neil‐Ortiz"), "o'neil-ortiz");
        assert_eq!(fold("علی\u{200c}رضا"), "علیرضا");
        assert_eq!(fold("👩\u{200d}🚀 ❤\u{fe0f}"), "👩🚀 ❤");
    }

    #[test]
    fn what_is_folded_ascii_is_not_copied() {
        assert!(matches!(fold("ada@example.com"), Cow::Borrowed(_)));
        assert!(matches!(fold("Ada"), Cow::Owned(_)));
    }

    #[test]
    fn each_character_of_unicode_has_one_fold_whatever_its_case() {
        // Above the third plane nothing has a case or comes apart.
        for character in '\0'..='\u{2ffff}' {
            let text = character.to_string();
            let once = fold(&text);
            assert_eq!(fold(&once), once, "{character:?}");
            assert!(!once.contains(['\n', '\t']), "{character:?}");
            let cases = (
                fold(&text.to_lowercase()).into_owned(),
                fold(&text.to_uppercase()).into_owned(),
            );
            assert_eq!(
                cases,
                (once.clone().into_owned(), once.into_owned()),
                "{character:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_fold_folds_to_itself(text: String) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.as_ref());
        }

        #[test]
        fn a_fold_has_no_separators(text in "[a-zA-Zé \t\n\r\u{85}\u{a0}]{0,20}") {
            let once = fold(&text);
            prop_assert!(!once.contains(['\n', '\t']) && !once.contains("  "));
            prop_assert_eq!(fold(&once), once.as_ref());
        }

        #[test]
        fn case_makes_no_difference(text in "[a-zA-ZÀ-ɏἀ-῾а-яА-ЯΆ-ώ '.]{0,20}") {
            let (upper, lower) = (text.to_uppercase(), text.to_lowercase());
            prop_assert_eq!(fold(&upper), fold(&text));
            prop_assert_eq!(fold(&lower), fold(&text));
        }
    }
}
