//! The languages that the desk speaks.

use super::Name;

/// How one language says hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// The language, as a BCP 47 tag.
    pub language: &'static str,
    /// What the language calls itself.
    pub endonym: &'static str,
    before: &'static str,
    after: &'static str,
}

impl Greeting {
    /// `Hello, Ada!`, in this language.
    #[must_use]
    pub fn greet(&self, name: &Name) -> String {
        let name = name.as_str();
        let mut text = String::with_capacity(self.before.len() + name.len() + self.after.len());
        text.push_str(self.before);
        text.push_str(name);
        text.push_str(self.after);
        text
    }
}

const fn say(
    language: &'static str,
    endonym: &'static str,
    before: &'static str,
    after: &'static str,
) -> Greeting {
    Greeting {
        language,
        endonym,
        before,
        after,
    }
}

/// Every language that the desk speaks. The first is English: what `SayHello` answers in.
pub const GREETINGS: &[Greeting] = &[
    say("en", "English", "Hello, ", "!"),
    say("fr", "français", "Bonjour, ", " !"),
    say("de", "Deutsch", "Hallo, ", "!"),
    say("es", "español", "¡Hola, ", "!"),
    say("pt", "português", "Olá, ", "!"),
    say("it", "italiano", "Ciao, ", "!"),
    say("nl", "Nederlands", "Hallo, ", "!"),
    say("sv", "svenska", "Hej, ", "!"),
    say("pl", "polski", "Cześć, ", "!"),
    say("cs", "čeština", "Ahoj, ", "!"),
    say("tr", "Türkçe", "Merhaba, ", "!"),
    say("el", "ελληνικά", "Γεια σου, ", "!"),
    say("uk", "українська", "Привіт, ", "!"),
    say("ka", "ქართული", "გამარჯობა, ", "!"),
    say("he", "עברית", "שלום, ", "!"),
    say("ar", "العربية", "مرحبًا، ", "!"),
    say("fa", "فارسی", "سلام، ", "!"),
    say("hi", "हिन्दी", "नमस्ते, ", "!"),
    say("ta", "தமிழ்", "வணக்கம், ", "!"),
    say("th", "ไทย", "สวัสดี ", "!"),
    say("vi", "Tiếng Việt", "Xin chào, ", "!"),
    say("zh", "中文", "你好，", "！"),
    say("ja", "日本語", "こんにちは、", "さん！"),
    say("ko", "한국어", "안녕하세요, ", "님!"),
    say("sw", "Kiswahili", "Habari, ", "!"),
    say("cy", "Cymraeg", "Helo, ", "!"),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn english_comes_first_and_says_hello() {
        let ada = Name::parse("Ada").expect("a name");
        assert_eq!(GREETINGS[0].language, "en");
        assert_eq!(GREETINGS[0].greet(&ada), "Hello, Ada!");
    }

    #[test]
    fn at_least_sixteen_languages_each_once_and_each_with_the_name() {
        let ada = Name::parse("Ada").expect("a name");
        let languages: HashSet<_> = GREETINGS.iter().map(|greeting| greeting.language).collect();
        assert!(languages.len() >= 16);
        assert_eq!(languages.len(), GREETINGS.len());
        for greeting in GREETINGS {
            let text = greeting.greet(&ada);
            assert!(text.contains("Ada") && text.len() > "Ada".len(), "{text}");
        }
    }
}
