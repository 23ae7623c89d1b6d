//! What a person is called.

use std::fmt;

use crate::normalize::normal;

/// What a person is called: 1 to [`Name::MAX_CHARS`] characters without control characters, in
/// Unicode's normal form C and without space at either end. Otherwise kept to the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// The longest name, in characters (Unicode scalar values).
    pub const MAX_CHARS: usize = 200;

    /// The one way in for what people send: normalises, trims, checks.
    ///
    /// # Errors
    /// Says what is wrong where the text is no name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = normal(text, Self::MAX_CHARS);
        check(&text)?;
        Ok(Self(text.into_owned()))
    }

    /// A name that went through [`Name::parse`] before it was stored: a list of a million users
    /// has no time to check each again.
    #[must_use]
    pub fn from_trusted(text: String) -> Self {
        Self(text)
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself, without a copy.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

fn check(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    // A character is at least a byte: short texts need no counting.
    if text.len() > Name::MAX_CHARS && text.chars().nth(Name::MAX_CHARS).is_some() {
        return Err(NameError::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(NameError::ControlCharacter);
    }
    Ok(())
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no [`Name`]; its `Display` is written for who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// Nothing, or nothing but space.
    Empty,
    /// More than [`Name::MAX_CHARS`] characters.
    TooLong,
    /// A line break, a tab, a NUL or another of their kind.
    ControlCharacter,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a name is needed"),
            Self::TooLong => write!(f, "a name has at most {} characters", Name::MAX_CHARS),
            Self::ControlCharacter => f.write_str("a name has no control characters"),
        }
    }
}

impl std::error::Error for NameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_otherwise_kept_to_the_letter() {
        let name = Name::parse(" \u{3000}O'Neil-van  der Größe \n").expect("a name");
        assert_eq!(name.as_str(), "O'Neil-van  der Größe");
    }

    #[test]
    fn a_decomposed_name_is_composed() {
        let name = Name::parse("Zoe\u{308} Gu\u{308}c\u{327}lu\u{308}").expect("a name");
        assert_eq!(name.as_str(), "Zoë Güçlü");
    }

    #[test]
    fn nothing_and_space_are_no_name() {
        for text in ["", " ", "\u{3000}\t\n"] {
            assert_eq!(Name::parse(text), Err(NameError::Empty), "{text:?}");
        }
    }

    #[test]
    fn two_hundred_characters_of_any_script_fit_and_one_more_does_not() {
        for character in ["a", "ß", "권", "👩"] {
            assert!(Name::parse(&character.repeat(200)).is_ok(), "{character}");
            let long = Name::parse(&character.repeat(201));
            assert_eq!(long, Err(NameError::TooLong), "{character}");
        }
    }

    #[test]
    fn length_is_counted_after_composing() {
        assert!(Name::parse(&"e\u{301}".repeat(200)).is_ok());
        let long = Name::parse(&"e\u{301}".repeat(201));
        assert_eq!(long, Err(NameError::TooLong));
    }

    #[test]
    fn control_characters_are_refused_wherever_they_come_from() {
        for text in ["a\0b", "a\nb", "a\u{7f}b", "a\u{85}b", "é\u{1b}[31m"] {
            let refused = Name::parse(text);
            assert_eq!(refused, Err(NameError::ControlCharacter), "{text:?}");
        }
    }

    #[test]
    fn joiners_that_scripts_and_emoji_need_are_kept() {
        let name = Name::parse("علی\u{200c}رضا 👩\u{200d}🚀").expect("a name");
        assert_eq!(name.as_str(), "علی\u{200c}رضا 👩\u{200d}🚀");
    }
}
