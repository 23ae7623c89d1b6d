//! Names of users.

use std::fmt;

use crate::normalize::trimmed_nfc;

/// A user's name: 1 to [`Name::MAX_CHARS`] characters without control characters, in Unicode
/// normalization form C and trimmed. Everything else is preserved as entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// The maximum length in characters (Unicode scalar values).
    pub const MAX_CHARS: usize = 200;

    /// Normalizes, trims and validates a name.
    ///
    /// # Errors
    /// The text is empty, too long or contains a control character.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = trimmed_nfc(text, Self::MAX_CHARS);
        validate(&text)?;
        Ok(Self(text.into_owned()))
    }

    /// Like [`Name::parse`], for a text that the caller has converted to normalization form C. The
    /// page does so with the browser's `String.prototype.normalize`: the conversion's tables would
    /// be a large part of its size.
    ///
    /// # Errors
    /// The text is empty, too long or contains a control character.
    pub fn from_nfc(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        validate(text)?;
        Ok(Self(text.to_owned()))
    }

    /// A name that a store reads back. It was validated by [`Name::parse`] before it was stored;
    /// validating it again would slow down long lists.
    #[must_use]
    pub fn from_trusted(text: String) -> Self {
        Self(text)
    }

    /// The name's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Converts the name to its text without copying it.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

fn validate(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    // A character has at least one byte: short texts need no counting.
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

/// Why a text is not a [`Name`]. The `Display` text is written for users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    /// The text is empty or consists of white space.
    Empty,
    /// The text has more than [`Name::MAX_CHARS`] characters.
    TooLong,
    /// The text contains a line break, a tab or another control character.
    ControlCharacter,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a name is required"),
            Self::TooLong => write!(f, "a name can have at most {} characters", Name::MAX_CHARS),
            Self::ControlCharacter => f.write_str("a name must not contain control characters"),
        }
    }
}

impl std::error::Error for NameError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_normalized_text_is_validated_by_the_same_rules() {
        for text in [" Zoë ", "", "a\nb", &"x".repeat(201)] {
            assert_eq!(Name::from_nfc(text), Name::parse(text), "{text:?}");
        }
    }

    #[test]
    fn a_name_is_trimmed_and_otherwise_preserved() {
        let name = Name::parse(" \u{3000}O'Neil-van  der Größe \n").expect("a name");
        assert_eq!(name.as_str(), "O'Neil-van  der Größe");
    }

    #[test]
    fn a_decomposed_name_is_composed() {
        let name = Name::parse("Zoe\u{308} Gu\u{308}c\u{327}lu\u{308}").expect("a name");
        assert_eq!(name.as_str(), "Zoë Güçlü");
    }

    #[test]
    fn empty_text_and_white_space_are_errors() {
        for text in ["", " ", "\u{3000}\t\n"] {
            assert_eq!(Name::parse(text), Err(NameError::Empty), "{text:?}");
        }
    }

    #[test]
    fn the_limit_is_200_characters_in_any_script() {
        for character in ["a", "ß", "권", "👩"] {
            assert!(Name::parse(&character.repeat(200)).is_ok(), "{character}");
            let too_long = Name::parse(&character.repeat(201));
            assert_eq!(too_long, Err(NameError::TooLong), "{character}");
        }
    }

    #[test]
    fn the_length_is_counted_after_composition() {
        assert!(Name::parse(&"e\u{301}".repeat(200)).is_ok());
        let too_long = Name::parse(&"e\u{301}".repeat(201));
        assert_eq!(too_long, Err(NameError::TooLong));
    }

    #[test]
    fn control_characters_are_rejected_anywhere() {
        for text in ["a\0b", "a\nb", "a\u{7f}b", "a\u{85}b", "é\u{1b}[31m"] {
            let rejected = Name::parse(text);
            assert_eq!(rejected, Err(NameError::ControlCharacter), "{text:?}");
        }
    }

    #[test]
    fn joiners_in_scripts_and_emoji_are_preserved() {
        let name = Name::parse("علی\u{200c}رضا 👩\u{200d}🚀").expect("a name");
        assert_eq!(name.as_str(), "علی\u{200c}رضا 👩\u{200d}🚀");
    }
}
