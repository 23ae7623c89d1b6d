//! What a person looks for.

use std::fmt;

use crate::normalize::normal;

/// What a person looks for in names and emails: any text of 1 to [`Query::MAX_CHARS`] characters, in
/// Unicode's normal form C and without space at either end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(String);

impl Query {
    /// The longest, in characters (Unicode scalar values).
    pub const MAX_CHARS: usize = 64;

    /// The one way in for what people type: normalises, trims, checks. `None` where nothing is left,
    /// which stands for everybody.
    ///
    /// # Errors
    /// It is too long.
    pub fn parse(text: &str) -> Result<Option<Self>, QueryError> {
        let text = normal(text, Self::MAX_CHARS);
        // A character is at least a byte: short texts need no counting.
        if text.len() > Self::MAX_CHARS && text.chars().nth(Self::MAX_CHARS).is_some() {
            return Err(QueryError);
        }
        Ok((!text.is_empty()).then(|| Self(text.into_owned())))
    }

    /// The text that is looked for.
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

/// A text is no [`Query`]; its `Display` is written for who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryError;

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a search has at most {} characters", Query::MAX_CHARS)
    }
}

impl std::error::Error for QueryError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_four_characters_of_any_script_fit_and_one_more_does_not() {
        for character in ["a", "ß", "권", "👩"] {
            assert!(Query::parse(&character.repeat(64)).is_ok(), "{character}");
            let long = Query::parse(&character.repeat(65));
            assert_eq!(long, Err(QueryError), "{character}");
        }
    }

    #[test]
    fn space_at_its_ends_is_not_counted_and_nothing_stands_for_everybody() {
        let query = Query::parse(&format!("  {}\n", "x".repeat(64))).expect("short enough");
        assert_eq!(query.expect("a query").as_str().len(), 64);
        for nothing in ["", " \u{3000}\t"] {
            assert_eq!(Query::parse(nothing), Ok(None));
        }
    }

    #[test]
    fn whatever_is_typed_is_looked_for() {
        for text in ["\"'; --", "%_*?[", "a\0b", "NOT (", "\u{202e}"] {
            let query = Query::parse(text).expect("short enough").expect("a query");
            assert_eq!(query.as_str(), text);
        }
    }
}
