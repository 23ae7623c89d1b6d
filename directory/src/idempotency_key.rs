//! Keys that make a retried request safe.

use std::fmt;

/// Identifies a client's request when it is sent again (wire: `request_id`, `import_id`): 1 to
/// [`IdempotencyKey::MAX_CHARS`] characters without control characters, for example a UUID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The maximum length in characters (Unicode scalar values).
    pub const MAX_CHARS: usize = 64;

    /// Validates a key; returns `None` for an empty text, which means that there is no key.
    ///
    /// # Errors
    /// The text is too long or contains a control character.
    pub fn parse(text: &str) -> Result<Option<Self>, IdempotencyKeyError> {
        if text.chars().nth(Self::MAX_CHARS).is_some() || text.chars().any(char::is_control) {
            return Err(IdempotencyKeyError);
        }
        Ok((!text.is_empty()).then(|| Self(text.to_owned())))
    }

    /// The key's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text is not an [`IdempotencyKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKeyError;

impl fmt::Display for IdempotencyKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let max = IdempotencyKey::MAX_CHARS;
        write!(
            f,
            "must have at most {max} characters and no control characters"
        )
    }
}

impl std::error::Error for IdempotencyKeyError {}
