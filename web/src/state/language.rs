//! Detecting the language of a greeting.
//!
//! The reply does not state its language, but a screen reader needs it for pronunciation and a
//! browser to select a font.

use frontdesk_directory::{GREETINGS, Greeting};

/// The greeting that `text` is, or `None` if it is unknown.
///
/// `seen` are the languages of earlier greetings: where two languages share a greeting, the second
/// occurrence is in the second language.
pub fn detect(text: &str, seen: &[Option<&'static Greeting>]) -> Option<&'static Greeting> {
    GREETINGS
        .iter()
        .filter(|greeting| greeting.matches(text))
        .find(|greeting| !seen.contains(&Some(*greeting)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(text: &str, seen: &[Option<&'static Greeting>]) -> Option<&'static str> {
        Some(detect(text, seen)?.language)
    }

    #[test]
    fn a_language_is_detected_from_its_greeting() {
        assert_eq!(language("Hello, Ada!", &[]), Some("en"));
        assert_eq!(language("こんにちは、Adaさん！", &[]), Some("ja"));
        assert_eq!(language("Saluton, Ada!", &[]), None);
    }

    #[test]
    fn two_languages_with_the_same_greeting_are_distinguished_by_order() {
        let first = detect("Hallo, Ada!", &[]);
        let second = detect("Hallo, Ada!", &[None, first]);
        assert_eq!(language("Hallo, Ada!", &[]), Some("de"));
        assert_eq!(language("Hallo, Ada!", &[None, first]), Some("nl"));
        assert_eq!(detect("Hallo, Ada!", &[first, second]), None);
    }
}
