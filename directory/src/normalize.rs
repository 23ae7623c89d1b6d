//! Unicode normalization form C (NFC): equal texts have equal bytes.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Trims `text` and converts it to NFC. A text that has to be converted is cut after
/// `max_chars` + 1 characters: enough to detect that it is too long, without normalizing a huge one.
pub(crate) fn trimmed_nfc(text: &str, max_chars: usize) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().take(max_chars + 1).collect())
}
