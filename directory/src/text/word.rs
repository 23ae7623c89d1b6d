//! Word boundaries.

use unicode_normalization::char::is_combining_mark;

/// Whether a word can start at `position`: the character before it is neither a letter, a digit nor
/// a combining mark. There must be a character before it.
pub(super) fn starts_word(text: &str, position: usize) -> bool {
    match text.as_bytes()[position - 1] {
        byte @ 0..0x80 => !byte.is_ascii_alphanumeric(),
        _ => text[..position]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_alphanumeric() && !is_combining_mark(before)),
    }
}
