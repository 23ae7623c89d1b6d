//! Greetings in several languages.

use crate::Name;

/// The greeting of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The language as a BCP 47 tag.
    pub language: &'static str,
    /// The language's name in the language itself.
    pub endonym: &'static str,
    prefix: &'static str,
    suffix: &'static str,
}

impl Greeting {
    /// Greets a user by name: `Hello, Ada!`
    #[must_use]
    pub fn greet(&self, name: &Name) -> String {
        [self.prefix, name.as_str(), self.suffix].concat()
    }

    /// Whether a text can be this greeting. Some languages share a greeting.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        text.starts_with(self.prefix) && text.ends_with(self.suffix)
    }
}

const fn greeting(
    language: &'static str,
    endonym: &'static str,
    prefix: &'static str,
    suffix: &'static str,
) -> Greeting {
    Greeting {
        language,
        endonym,
        prefix,
        suffix,
    }
}

/// The greetings of all supported languages. The first is English, the language of `SayHello`.
pub const GREETINGS: &[Greeting] = &[
    greeting("en", "English", "Hello, ", "!"),
    greeting("fr", "français", "Bonjour, ", " !"),
    greeting("de", "Deutsch", "Hallo, ", "!"),
    greeting("es", "español", "¡Hola, ", "!"),
    greeting("pt", "português", "Olá, ", "!"),
    greeting("it", "italiano", "Ciao, ", "!"),
    greeting("nl", "Nederlands", "Hallo, ", "!"),
    greeting("sv", "svenska", "Hej, ", "!"),
    greeting("pl", "polski", "Cześć, ", "!"),
    greeting("cs", "čeština", "Ahoj, ", "!"),
    greeting("tr", "Türkçe", "Merhaba, ", "!"),
    greeting("el", "ελληνικά", "Γεια σου, ", "!"),
    greeting("uk", "українська", "Привіт, ", "!"),
    greeting("ka", "ქართული", "გამარჯობა, ", "!"),
    greeting("he", "עברית", "שלום, ", "!"),
    greeting("ar", "العربية", "مرحبًا، ", "!"),
    greeting("fa", "فارسی", "سلام، ", "!"),
    greeting("hi", "हिन्दी", "नमस्ते, ", "!"),
    greeting("ta", "தமிழ்", "வணக்கம், ", "!"),
    greeting("th", "ไทย", "สวัสดี ", "!"),
    greeting("vi", "Tiếng Việt", "Xin chào, ", "!"),
    greeting("zh", "中文", "你好，", "！"),
    greeting("ja", "日本語", "こんにちは、", "さん！"),
    greeting("ko", "한국어", "안녕하세요, ", "님!"),
    greeting("sw", "Kiswahili", "Habari, ", "!"),
    greeting("cy", "Cymraeg", "Helo, ", "!"),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_first_greeting_is_english() {
        let ada = Name::parse("Ada").expect("a name");
        assert_eq!(GREETINGS[0].language, "en");
        assert_eq!(GREETINGS[0].greet(&ada), "Hello, Ada!");
    }

    #[test]
    fn there_are_16_languages_without_duplicates_and_each_greets_by_name() {
        let ada = Name::parse("Ada").expect("a name");
        let languages: HashSet<_> = GREETINGS.iter().map(|greeting| greeting.language).collect();
        assert!(languages.len() >= 16);
        assert_eq!(languages.len(), GREETINGS.len());
        for greeting in GREETINGS {
            let text = greeting.greet(&ada);
            assert!(text.contains("Ada") && text.len() > "Ada".len(), "{text}");
        }
    }

    #[test]
    fn a_greeting_matches_its_own_text() {
        let ada = Name::parse("Ada").expect("a valid name");
        for greeting in GREETINGS {
            assert!(greeting.matches(&greeting.greet(&ada)));
        }
        assert!(!GREETINGS[0].matches("Bonjour, Ada !"));
    }
}
