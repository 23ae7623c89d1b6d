//! Which language a greeting is in.
//!
//! The wire carries the greeting alone. A screen reader needs the language to pronounce it, and
//! a browser to choose the letters: so it is told from how the greeting begins.

/// A language: its tag for `lang`, and what it calls itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tongue {
    /// BCP 47.
    pub tag: &'static str,
    /// Its name in itself.
    pub endonym: &'static str,
}

const KNOWN: &[(&str, &str, &str)] = &[
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

/// The language of `text`, or `None` where it is not known.
///
/// Where two languages greet alike, the second such greeting is the second language's:
/// `before` are those that came earlier.
#[must_use]
pub fn of(text: &str, before: &[Option<Tongue>]) -> Option<Tongue> {
    KNOWN
        .iter()
        .filter(|(start, ..)| text.starts_with(start))
        .map(|&(_, tag, endonym)| Tongue { tag, endonym })
        .find(|tongue| !before.contains(&Some(*tongue)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_known_by_its_beginning() {
        assert_eq!(of("Hello, Ada!", &[]).map(|it| it.tag), Some("en"));
        assert_eq!(
            of("こんにちは、Adaさん！", &[]).map(|it| it.tag),
            Some("ja")
        );
        assert_eq!(of("Saluton, Ada!", &[]), None);
    }

    #[test]
    fn two_that_greet_alike_are_two() {
        let first = of("Hallo, Ada!", &[]);
        let second = of("Hallo, Ada!", &[None, first]);
        assert_eq!(first.map(|it| it.tag), Some("de"));
        assert_eq!(second.map(|it| it.tag), Some("nl"));
        assert_eq!(of("Hallo, Ada!", &[first, second]), None);
    }
}
