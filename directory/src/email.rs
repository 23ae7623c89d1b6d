//! Where a person's mail goes, and what makes two addresses one.

use std::{borrow::Cow, fmt};

use email_address::{EmailAddress, Error as Grammar, Options};
use unicase::UniCase;
use unicode_normalization::UnicodeNormalization as _;

use crate::normalize::normal;

/// A mail address: at most [`Email::MAX_BYTES`] bytes, in Unicode's normal form C, and one user's
/// only: two addresses with the same [`Email::key`] are the same address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// The longest address, in bytes: what fits the path of an SMTP command.
    pub const MAX_BYTES: usize = 254;

    /// The one way in for what people send: normalises, trims, checks.
    ///
    /// # Errors
    /// Says what is wrong where the text is no address.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        // A character is at least a byte.
        let text = normal(text, Self::MAX_BYTES);
        check(&text)?;
        Ok(Self(text.into_owned()))
    }

    /// An address that went through [`Email::parse`] before it was stored: a list of a million
    /// users has no time to check each again.
    #[must_use]
    pub fn from_trusted(text: String) -> Self {
        Self(text)
    }

    /// What two ways of writing one address have in common, whatever their case.
    #[must_use]
    pub fn key(&self) -> Cow<'_, str> {
        let text = self.0.as_str();
        if !text.is_ascii() {
            // Folding can take a text out of normal form: without the second pass one address
            // could have two keys.
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

    /// The text itself, without a copy.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

fn check(text: &str) -> Result<(), EmailError> {
    if text.is_empty() {
        return Err(EmailError::Empty);
    }
    if text.len() > Email::MAX_BYTES {
        return Err(EmailError::TooLong);
    }
    // The grammar lets a tab into a quoted local part; nothing that shows addresses wants one.
    if text.chars().any(char::is_control) {
        return Err(EmailError::ControlCharacter);
    }
    let options = Options::default()
        .without_display_text()
        .without_domain_literal();
    EmailAddress::parse_with_options(text, options)
        .map(drop)
        .map_err(EmailError::Grammar)
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is no [`Email`]; its `Display` is written for who typed it.
#[derive(Clone, Debug, PartialEq)]
pub enum EmailError {
    /// Nothing, or nothing but space.
    Empty,
    /// More than [`Email::MAX_BYTES`] bytes.
    TooLong,
    /// A line break, a tab, a NUL or another of their kind.
    ControlCharacter,
    /// Not how addresses are written.
    Grammar(Grammar),
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Self::Empty => "an email address is needed",
            Self::TooLong => return write!(f, "longer than {} bytes", Email::MAX_BYTES),
            Self::ControlCharacter => "an email address has no control characters",
            Self::Grammar(Grammar::MissingSeparator) => "the @ is missing",
            Self::Grammar(Grammar::LocalPartEmpty) => "nothing before the @",
            Self::Grammar(Grammar::LocalPartTooLong) => "more than 64 bytes before the @",
            Self::Grammar(Grammar::DomainEmpty) => "nothing after the @",
            Self::Grammar(Grammar::SubDomainEmpty) => "two dots, or one at an end, after the @",
            Self::Grammar(Grammar::SubDomainTooLong | Grammar::DomainTooLong) => {
                "the part after the @ is too long"
            }
            Self::Grammar(Grammar::UnsupportedDomainLiteral) => "a domain is needed after the @",
            Self::Grammar(Grammar::UnsupportedDisplayName | Grammar::MissingEndBracket) => {
                "the address alone is needed, without a name"
            }
            Self::Grammar(_) => "a character that cannot be where it is",
        };
        write!(f, "not an email address: {why}")
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
    fn an_address_is_trimmed_and_keeps_its_case() {
        let email = Email::parse("  Ada.Lovelace@Example.COM\r\n").expect("an address");
        assert_eq!(email.as_str(), "Ada.Lovelace@Example.COM");
        assert_eq!(email.key(), "ada.lovelace@example.com");
    }

    #[test]
    fn one_address_has_one_key_whatever_its_case_and_normal_form() {
        assert_eq!(key("MÜLLER@example.org"), key("mu\u{308}ller@EXAMPLE.org"));
        assert_eq!(key("ΣΊΣΥΦΟΣ@example.org"), key("σίσυφος@example.org"));
        assert_eq!(key("Straße@example.org"), key("STRASSE@example.org"));
        assert_ne!(key("ada@example.org"), key("adah@example.org"));
    }

    #[test]
    fn what_is_no_address_is_refused() {
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
    fn the_longest_address_is_254_bytes() {
        let domain = format!("{}.{}.{}", "b".repeat(63), "c".repeat(63), "d".repeat(61));
        let longest = format!("{}@{domain}", "a".repeat(64));
        assert_eq!(longest.len(), Email::MAX_BYTES);
        assert!(Email::parse(&longest).is_ok());
        let longer = Email::parse(&format!("{longest}d"));
        assert_eq!(longer, Err(EmailError::TooLong));
    }
}
