//! Search queries.

use std::fmt;

use crate::normalize::trimmed_nfc;

/// The text of a search: 1 to [`Query::MAX_CHARS`] arbitrary characters, in Unicode normalization
/// form C and trimmed. [`ParsedQuery`](crate::ParsedQuery) defines what it matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// The maximum length in characters (Unicode scalar values).
    pub const MAX_CHARS: usize = 64;

    /// Normalizes, trims and validates a query. Returns `None` for an empty text, which selects all
    /// users.
    ///
    /// # Errors
    /// The text is too long.
    pub fn parse(text: &str) -> Result<Option<Self>, QueryError> {
        let text = trimmed_nfc(text, Self::MAX_CHARS);
        // A character has at least one byte: short texts need no counting.
        if text.len() > Self::MAX_CHARS && text.chars().nth(Self::MAX_CHARS).is_some() {
            return Err(QueryError);
        }
        Ok((!text.is_empty()).then(|| Self(text.into_owned())))
    }

    /// The query's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text is not a [`Query`]: it is too long. The `Display` text is written for users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryError;

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a search can have at most {} characters",
            Query::MAX_CHARS
        )
    }
}

impl std::error::Error for QueryError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_64_characters_in_any_script() {
        for character in ["a", "ß", "권", "👩"] {
            assert!(Query::parse(&character.repeat(64)).is_ok(), "{character}");
            let too_long = Query::parse(&character.repeat(65));
            assert_eq!(too_long, Err(QueryError), "{character}");
        }
    }

    #[test]
    fn surrounding_white_space_is_trimmed_and_an_empty_text_is_no_query() {
        let query = Query::parse(&format!("  {}\n", "x".repeat(64))).expect("short enough");
        assert_eq!(query.expect("a query").as_str().len(), 64);
        for empty in ["", " \u{3000}\t"] {
            assert_eq!(Query::parse(empty), Ok(None));
        }
    }

    #[test]
    fn every_character_is_accepted_as_it_is() {
        for text in ["\"'; --", "%_*?[", "a\0b", "NOT (", "\u{202e}"] {
            let query = Query::parse(text).expect("short enough").expect("a query");
            assert_eq!(query.as_str(), text);
        }
    }
}
