//! Unicode's normal form C: one way to write what looks the same.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// `text` in normal form, without space at either end. Of one that has to be rewritten no more than
/// one character more than `most` is made: enough to refuse it, and a huge text is never built.
pub(crate) fn normal(text: &str, most: usize) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().take(most + 1).collect())
}
