//! The transcript of a call: names sent and greetings received.

use frontdesk_directory::{Greeting, Name};

use super::error_text::sentence;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptLine {
    pub text: String,
    /// Whether the page sent it; otherwise the server did.
    pub is_own: bool,
    /// The greeting in its language, if the language has to be marked.
    pub greeting: Option<&'static Greeting>,
}

/// Checks a name, in normalization form C, before it is sent in a conversation, which the server
/// would end because of an invalid one.
pub fn name_error(text: &str) -> Option<String> {
    let error = Name::from_nfc(text).err()?;
    Some(sentence(&error.to_string()))
}

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
                Some("A name is required."),
                "{empty:?}"
            );
        }
        assert!(name_error(&"a".repeat(201)).is_some());
    }
}
