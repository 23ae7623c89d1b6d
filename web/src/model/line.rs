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

/// What is said of an entry that is no name.
pub const NOBODY: &str = "A name is needed, of 200 characters at the most.";

/// Whether the desk would take this for a name, as far as that is seen at once: how many characters
/// it has in the end, the desk counts when it has put it into its normal form.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().nth(MOST).is_none()
}

/// The longest name, in characters.
const MOST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_are_no_name_nor_is_a_book() {
        assert!(is_name(" Ada "));
        assert!(is_name(&"\u{1f600}".repeat(200)));
        for none in ["", "  ", "\u{3000}", &"a".repeat(201)] {
            assert!(!is_name(none), "{none:?}");
        }
    }
}
