//! Email addresses, and when two of them are equal.

use std::{borrow::Cow, fmt};

use email_address::{EmailAddress, Error as SyntaxError, Options};
use unicase::UniCase;
use unicode_normalization::UnicodeNormalization as _;

use crate::normalize::trimmed_nfc;

/// An email address: at most [`Email::MAX_BYTES`] bytes, in Unicode normalization form C. Two
/// addresses with the same [`Email::key`] are the same address, and belong to one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// The maximum length in bytes: the longest address that fits into the path of an SMTP command
    /// (RFC 5321, 4.5.3.1.3).
    pub const MAX_BYTES: usize = 254;

    /// Normalizes, trims and validates an address.
    ///
    /// # Errors
    /// The text is empty, too long, or not an address.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        // A character has at least one byte: the limit in bytes is one in characters, too.
        let text = trimmed_nfc(text, Self::MAX_BYTES);
        validate(&text)?;
        Ok(Self(text.into_owned()))
    }

    /// An address that a store reads back. It was validated by [`Email::parse`] before it was
    /// stored; validating it again would slow down long lists.
    #[must_use]
    pub fn from_trusted(text: String) -> Self {
        Self(text)
    }

    /// The key that all spellings of this address share: the address in case-folded form.
    #[must_use]
    pub fn key(&self) -> Cow<'_, str> {
        let text = self.0.as_str();
        if !text.is_ascii() {
            // Case folding can denormalize a text: without the second pass one address could have
            // two keys.
            let folded = UniCase::unicode(text).to_folded_case();
            return Cow::Owned(folded.nfc().collect());
        }
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        Cow::Borrowed(text)
    }

    /// The address's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Converts the address to its text without copying it.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

fn validate(text: &str) -> Result<(), EmailError> {
    if text.is_empty() {
        return Err(EmailError::Empty);
    }
    if text.len() > Email::MAX_BYTES {
        return Err(EmailError::TooLong);
    }
    // RFC 5322 allows a tab in a quoted local part, but it would break tables and CSV files.
    if text.chars().any(char::is_control) {
        return Err(EmailError::ControlCharacter);
    }
    let options = Options::default()
        .without_display_text()
        .without_domain_literal();
    EmailAddress::parse_with_options(text, options)
        .map(drop)
        .map_err(EmailError::Syntax)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not an [`Email`]. The `Display` text is written for users.
#[derive(Clone, Debug, PartialEq)]
pub enum EmailError {
    /// The text is empty or consists of white space.
    Empty,
    /// The text has more than [`Email::MAX_BYTES`] bytes.
    TooLong,
    /// The text contains a line break, a tab or another control character.
    ControlCharacter,
    /// The text does not have the syntax of an address.
    Syntax(SyntaxError),
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self {
            Self::Empty => return f.write_str("an email address is required"),
            Self::TooLong => {
                let max = Email::MAX_BYTES;
                return write!(f, "an email address can have at most {max} bytes");
            }
            Self::ControlCharacter => "control characters are not allowed",
            Self::Syntax(SyntaxError::MissingSeparator) => "the @ is missing",
            Self::Syntax(SyntaxError::LocalPartEmpty) => "nothing before the @",
            Self::Syntax(SyntaxError::LocalPartTooLong) => "more than 64 bytes before the @",
            Self::Syntax(SyntaxError::DomainEmpty) => "nothing after the @",
            Self::Syntax(SyntaxError::SubDomainEmpty) => "a part of the domain is empty",
            Self::Syntax(SyntaxError::SubDomainTooLong | SyntaxError::DomainTooLong) => {
                "the part after the @ is too long"
            }
            Self::Syntax(SyntaxError::UnsupportedDomainLiteral) => {
                "a domain name is required after the @"
            }
            Self::Syntax(SyntaxError::UnsupportedDisplayName | SyntaxError::MissingEndBracket) => {
                "enter the address alone, without a name"
            }
            Self::Syntax(_) => "a character is not allowed in its position",
        };
        write!(f, "invalid email address: {reason}")
    }
}

impl std::error::Error for EmailError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        let email = Email::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        email.key().into_owned()
    }

    #[test]
    fn an_address_is_trimmed_and_its_case_is_preserved() {
        let email = Email::parse("  Ada.Lovelace@Example.COM\r\n").expect("an address");
        assert_eq!(email.as_str(), "Ada.Lovelace@Example.COM");
        assert_eq!(email.key(), "ada.lovelace@example.com");
    }

    #[test]
    fn spellings_that_differ_in_case_or_normalization_have_one_key() {
        assert_eq!(key("MÜLLER@example.org"), key("mu\u{308}ller@EXAMPLE.org"));
        assert_eq!(key("ΣΊΣΥΦΟΣ@example.org"), key("σίσυφος@example.org"));
        assert_eq!(key("Straße@example.org"), key("STRASSE@example.org"));
        assert_ne!(key("ada@example.org"), key("adah@example.org"));
    }

    #[test]
    fn a_text_that_is_not_an_address_is_rejected() {
        let long = format!("a@{}.com", "b.".repeat(126));
        for text in [
            "",
            "ada",
            "ada@",
            "@example.com",
            "ada@@example.com",
            "ada@exam ple.com",
            "ada@.com",
            "ada@example..com",
            "ada.@example.com",
            "Ada <ada@example.com>",
            "<ada@example.com>",
            "ada@[127.0.0.1]",
            "ada@example.com\0",
            "\"a\tb\"@example.com",
            "a\n@example.com",
            long.as_str(),
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_limit_is_254_bytes() {
        let domain = format!("{}.{}.{}", "b".repeat(63), "c".repeat(63), "d".repeat(61));
        let longest = format!("{}@{domain}", "a".repeat(64));
        assert_eq!(longest.len(), Email::MAX_BYTES);
        assert!(Email::parse(&longest).is_ok());
        let longer = Email::parse(&format!("{longest}d"));
        assert_eq!(longer, Err(EmailError::TooLong));
    }
}
