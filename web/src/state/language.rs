//! Detecting the language of a greeting.
//!
//! The reply does not state its language, but a screen reader needs it for pronunciation and a
//! browser to select a font. It is detected from the greeting's first word.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language {
    /// BCP 47, for the attribute `lang`.
    pub tag: &'static str,
    /// The name of the language in the language itself.
    pub endonym: &'static str,
}

/// How a greeting starts, the language's tag and its endonym.
const GREETINGS: &[(&str, &str, &str)] = &[
    ("Hello, ", "en", "English"),
    ("Bonjour, ", "fr", "français"),
    ("Hallo, ", "de", "Deutsch"),
    ("¡Hola, ", "es", "español"),
    ("Olá, ", "pt", "português"),
    ("Ciao, ", "it", "italiano"),
    ("Hallo, ", "nl", "Nederlands"),
    ("Hej, ", "sv", "svenska"),
    ("Cześć, ", "pl", "polski"),
    ("Ahoj, ", "cs", "čeština"),
    ("Merhaba, ", "tr", "Türkçe"),
    ("Γεια σου, ", "el", "ελληνικά"),
    ("Привіт, ", "uk", "українська"),
    ("გამარჯობა, ", "ka", "ქართული"),
    ("שלום, ", "he", "עברית"),
    ("مرحبًا، ", "ar", "العربية"),
    ("سلام، ", "fa", "فارسی"),
    ("नमस्ते, ", "hi", "हिन्दी"),
    ("வணக்கம், ", "ta", "தமிழ்"),
    ("สวัสดี ", "th", "ไทย"),
    ("Xin chào, ", "vi", "Tiếng Việt"),
    ("你好，", "zh", "中文"),
    ("こんにちは、", "ja", "日本語"),
    ("안녕하세요, ", "ko", "한국어"),
    ("Habari, ", "sw", "Kiswahili"),
    ("Helo, ", "cy", "Cymraeg"),
];

/// The language of a greeting, or `None` if it is unknown.
///
/// `seen` are the languages of earlier greetings: where two languages share a greeting, the second
/// occurrence is in the second language.
pub fn detect(greeting: &str, seen: &[Option<Language>]) -> Option<Language> {
    GREETINGS
        .iter()
        .filter(|(start, ..)| greeting.starts_with(start))
        .map(|&(_, tag, endonym)| Language { tag, endonym })
        .find(|language| !seen.contains(&Some(*language)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_detected_from_the_first_word() {
        assert_eq!(detect("Hello, Ada!", &[]).map(|it| it.tag), Some("en"));
        assert_eq!(
            detect("こんにちは、Adaさん！", &[]).map(|it| it.tag),
            Some("ja")
        );
        assert_eq!(detect("Saluton, Ada!", &[]), None);
    }

    #[test]
    fn two_languages_with_the_same_greeting_are_distinguished_by_order() {
        let first = detect("Hallo, Ada!", &[]);
        let second = detect("Hallo, Ada!", &[None, first]);
        assert_eq!(first.map(|it| it.tag), Some("de"));
        assert_eq!(second.map(|it| it.tag), Some("nl"));
        assert_eq!(detect("Hallo, Ada!", &[first, second]), None);
    }
}
