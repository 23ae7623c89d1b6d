//! Folding: texts that differ only in case, accents or spelling variants become equal.

use std::borrow::Cow;

use any_ascii::any_ascii_char;
use unicase::UniCase;
use unicode_normalization::{UnicodeNormalization as _, char::canonical_combining_class};

/// Removes case, accents and spelling variants: `Zoë` becomes `zoe`, `SOKOŁÓW` becomes `sokolow`,
/// `Straße` becomes `strasse`.
///
/// - Latin letters lose every diacritic. Greek, Cyrillic, Arabic and Hebrew letters lose accents and
///   points. Marks that distinguish letters remain: the voicing marks of kana, the virama.
/// - Hangul and kana are composed; full-width and half-width forms are equal.
/// - A sequence of white space becomes one space. A folded text contains neither `\n` nor `\t`, so
///   these can separate folded texts.
/// - Apostrophes become `'` and hyphens `-`. Characters without a glyph are removed: joiners,
///   direction marks, variation selectors.
/// - Folding is idempotent. A text that is already folded is borrowed if it is ASCII.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        return Cow::Owned(collapse_white_space(fold_unicode(text)));
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) || !is_collapsed(text) {
        return Cow::Owned(collapse_white_space(text.to_ascii_lowercase()));
    }
    Cow::Borrowed(text)
}

fn fold_unicode(text: &str) -> String {
    // Decomposed before case folding, so that the marks of a capital letter are folded, too; and
    // after it, because the result can be a composed letter.
    let decomposed: String = text.nfkd().collect();
    let folded = UniCase::unicode(decomposed.as_str()).to_folded_case();
    let mut plain = String::with_capacity(folded.len());
    for character in folded.nfkd() {
        match character {
            '\0'..='\x7f' => plain.push(character),
            '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}' => plain.push('\''),
            '\u{2010}'..='\u{2015}' => plain.push('-'),
            _ if is_latin(character) => {
                plain.push_str(&any_ascii_char(character).to_ascii_lowercase());
            }
            _ if is_accent(character) || is_invisible(character) => {}
            _ => plain.push(character),
        }
    }
    if plain.is_ascii() {
        return plain;
    }
    plain.nfc().collect()
}

/// A Latin letter without a decomposition in Unicode.
fn is_latin(character: char) -> bool {
    matches!(character, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') && character.is_alphabetic()
}

/// A combining mark that is removed. Combining class 8 is the voicing of kana and 9 the virama of
/// Indic scripts: words would become different ones without them. Class 0 contains spacing vowels.
fn is_accent(character: char) -> bool {
    !matches!(canonical_combining_class(character), 0 | 8 | 9)
}

/// A character without a glyph: joiners, direction marks, variation selectors.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether every sequence of white space is one space.
fn is_collapsed(text: &str) -> bool {
    let mut after_space = false;
    text.chars().all(|character| {
        let collapsed = !character.is_whitespace() || character == ' ' && !after_space;
        after_space = character == ' ';
        collapsed
    })
}

fn collapse_white_space(text: String) -> String {
    if is_collapsed(&text) {
        return text;
    }
    let mut collapsed = String::with_capacity(text.len());
    for character in text.chars() {
        if !character.is_whitespace() {
            collapsed.push(character);
        } else if !collapsed.ends_with(' ') {
            collapsed.push(' ');
        }
    }
    collapsed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn latin_letters_lose_case_and_diacritics() {
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
    fn letters_of_other_scripts_lose_case_and_accents() {
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
    fn marks_that_distinguish_letters_remain() {
        for text in ["권민준", "がぱ", "ガパ", "ক্ষমা", "हिन्दी", "山田太郎"]
        {
            assert_eq!(fold(text), text);
        }
        assert_ne!(fold("か"), fold("が"));
        assert_eq!(fold("ｶﾞ"), "ガ", "half width");
        assert_eq!(fold("\u{1100}\u{1161}"), "가", "typed as jamo");
    }

    #[test]
    fn white_space_is_collapsed() {
        assert_eq!(fold("Ada\t\n Lovelace"), "ada lovelace");
        assert_eq!(fold("山田\u{3000}\u{a0}太郎"), "山田 太郎");
        assert_eq!(fold("a\u{85}b\u{2028}c\u{b}d"), "a b c d");
    }

    #[test]
    fn variants_of_punctuation_and_invisible_characters_are_equal() {
        assert_eq!(fold("O’Neil‐Ortiz"), "o'neil-ortiz");
        assert_eq!(fold("علی\u{200c}رضا"), "علیرضا");
        assert_eq!(fold("👩\u{200d}🚀 ❤\u{fe0f}"), "👩🚀 ❤");
    }

    #[test]
    fn folded_ascii_is_borrowed() {
        assert!(matches!(fold("ada@example.com"), Cow::Borrowed(_)));
        assert!(matches!(fold("Ada"), Cow::Owned(_)));
    }

    #[test]
    fn each_character_folds_the_same_in_either_case() {
        // Characters above the third plane have neither case nor decompositions.
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
        fn folding_is_idempotent(text: String) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.as_ref());
        }

        #[test]
        fn a_folded_text_contains_no_separators(text in "[a-zA-Zé \t\n\r\u{85}\u{a0}]{0,20}") {
            let once = fold(&text);
            prop_assert!(!once.contains(['\n', '\t']) && !once.contains("  "));
            prop_assert_eq!(fold(&once), once.as_ref());
        }

        #[test]
        fn case_is_ignored(text in "[a-zA-ZÀ-ɏἀ-῾а-яА-ЯΆ-ώ '.]{0,20}") {
            let (upper, lower) = (text.to_uppercase(), text.to_lowercase());
            prop_assert_eq!(fold(&upper), fold(&text));
            prop_assert_eq!(fold(&lower), fold(&text));
        }
    }
}
