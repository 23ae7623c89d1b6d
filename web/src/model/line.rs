//! What is said in a call.

use super::tongue::Tongue;

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was said.
    pub text: String,
    /// Whether the person said it, and not the desk.
    pub mine: bool,
    /// Its language, where that is to be told.
    pub tongue: Option<Tongue>,
}

/// Why the desk would not take this for a name, in its words, as far as that is seen at once: how many
/// characters it has in the end, the desk counts when it has put it into its normal form.
#[must_use]
pub fn fault(text: &str) -> Option<&'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Some("A name is needed.");
    }
    let longer = text.chars().nth(MOST);
    longer.map(|_| "A name has at most 200 characters.")
}

/// The longest name, in characters.
const MOST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_no_name_nor_is_a_book() {
        assert_eq!(fault(" Ada "), None);
        assert_eq!(fault(&"\u{1f600}".repeat(200)), None);
        for none in ["", "  ", "\u{3000}"] {
            assert_eq!(fault(none), Some("A name is needed."), "{none:?}");
        }
        assert!(fault(&"a".repeat(201)).is_some());
    }
}
