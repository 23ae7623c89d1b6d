//! Words of a file, or of whoever else, that a person is shown.

/// A text as it can go to a terminal: what would steer that, or turn the text around, is shown by
/// its number.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.trim().chars() {
        // Besides the controls: spaces without width, and marks that change a line's direction.
        if character.is_control()
            || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
            || matches!(character, '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_shown_by_its_number() {
        assert_eq!(shown("\u{1b}[2J\u{7}E\0"), "\\u{1b}[2J\\u{7}E\\u{0}");
        assert_eq!(shown("\u{202e}liame\u{9b}"), "\\u{202e}liame\\u{9b}");
        assert_eq!(
            shown(" Driver's \"e-mail\", नाम "),
            "Driver's \"e-mail\", नाम"
        );
    }
}
