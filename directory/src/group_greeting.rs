//! Greetings for several users at once.

use std::fmt;

use crate::Name;

/// A greeting for several users: `Hello, Ada, Grace and Linus!` Its size is limited by
/// [`GroupGreeting::MAX_NAMES`] and the length of a [`Name`].
#[derive(Debug, Default)]
pub struct GroupGreeting {
    /// All names but the last, separated by commas.
    text: String,
    last: Option<Name>,
    count: usize,
}

impl GroupGreeting {
    /// The maximum number of names. With the longest possible names, the greeting is below 1 MiB.
    pub const MAX_NAMES: usize = 1_000;

    /// Adds a name.
    ///
    /// # Errors
    /// The greeting already has [`GroupGreeting::MAX_NAMES`] names.
    pub fn add(&mut self, name: Name) -> Result<(), TooManyNames> {
        if self.count == Self::MAX_NAMES {
            return Err(TooManyNames);
        }
        self.count += 1;
        if let Some(name) = self.last.replace(name) {
            if !self.text.is_empty() {
                self.text.push_str(", ");
            }
            self.text.push_str(name.as_str());
        }
        Ok(())
    }

    /// The greeting; `None` without names.
    #[must_use]
    pub fn greet(self) -> Option<String> {
        let Self { text, last, .. } = self;
        let last = last?;
        Some(if text.is_empty() {
            format!("Hello, {last}!")
        } else {
            format!("Hello, {text} and {last}!")
        })
    }
}

/// A greeting has more than [`GroupGreeting::MAX_NAMES`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyNames;

impl fmt::Display for TooManyNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a greeting can have at most {} names",
            GroupGreeting::MAX_NAMES
        )
    }
}

impl std::error::Error for TooManyNames {}

#[cfg(test)]
mod tests {
    use super::*;

    fn greet(names: &[&str]) -> Option<String> {
        let mut greeting = GroupGreeting::default();
        for name in names {
            let name = Name::parse(name).expect("a name");
            greeting.add(name).expect("below the limit");
        }
        greeting.greet()
    }

    #[test]
    fn all_names_are_listed_in_order() {
        for (names, greeting) in [
            (&[][..], None),
            (&["Ada"], Some("Hello, Ada!")),
            (&["Ada", "Grace"], Some("Hello, Ada and Grace!")),
            (
                &["Ada", "Grace", "Linus"],
                Some("Hello, Ada, Grace and Linus!"),
            ),
        ] {
            assert_eq!(greet(names).as_deref(), greeting);
        }
    }

    #[test]
    fn the_limit_is_1000_names_which_take_less_than_1_mib() {
        let name = Name::parse(&"👩".repeat(Name::MAX_CHARS)).expect("a name");
        let mut greeting = GroupGreeting::default();
        for _ in 0..1_000 {
            greeting.add(name.clone()).expect("below the limit");
        }
        assert_eq!(greeting.add(name), Err(TooManyNames));
        let greeting = greeting.greet().expect("a greeting");
        assert!(greeting.len() < 1024 * 1024);
    }
}
