//! The transcript of a call: names sent and greetings received.

use super::language::Language;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptLine {
    pub text: String,
    /// Whether the page sent it; otherwise the server did.
    pub is_own: bool,
    /// The language of a greeting, if it is known and has to be marked.
    pub language: Option<Language>,
}

/// Checks a name before it is sent in a conversation, which the server would end because of an
/// invalid one. Returns an error text that ends with a full stop.
pub fn name_error(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return Some("A name is needed.".to_owned());
    }
    let too_long = text.chars().nth(MAX_CHARS).is_some();
    too_long.then(|| "A name has at most 200 characters.".to_owned())
}

const MAX_CHARS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_too_long_names_are_errors() {
        assert_eq!(name_error(" Ada "), None);
        assert_eq!(name_error(&"\u{1f600}".repeat(200)), None);
        for empty in ["", "  ", "\u{3000}"] {
            assert_eq!(
                name_error(empty).as_deref(),
                Some("A name is needed."),
                "{empty:?}"
            );
        }
        assert!(name_error(&"a".repeat(201)).is_some());
    }
}
