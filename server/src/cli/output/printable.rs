//! Text from files and servers, made safe to print.

/// Trims the text, and escapes characters that could control a terminal or change the direction of
/// the text.
pub(in crate::cli) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for character in text.trim().chars() {
        // Control characters, zero-width spaces, and marks that change a line's direction.
        if character.is_control()
            || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
            || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        {
            printable.extend(character.escape_unicode());
        } else {
            printable.push(character);
        }
    }
    printable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(printable("\u{1b}[2J\u{7}E\0"), "\\u{1b}[2J\\u{7}E\\u{0}");
        assert_eq!(printable("\u{202e}liame\u{9b}"), "\\u{202e}liame\\u{9b}");
        assert_eq!(
            printable(" Driver's \"e-mail\", नाम "),
            "Driver's \"e-mail\", नाम"
        );
    }
}
