//! One greeting for many.

use std::fmt;

use super::Name;

/// A greeting that names everybody: `Hello, Ada, Grace and Linus!`. What it keeps is bounded by
/// [`GroupGreeting::MAX_NAMES`] and the longest [`Name`].
#[derive(Debug, Default)]
pub struct GroupGreeting {
    /// All but the last, with commas between.
    before: String,
    last: Option<Name>,
    names: usize,
}

/// One name more than [`GroupGreeting::MAX_NAMES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyNames;

impl fmt::Display for TooManyNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "at most {} names fit into one greeting",
            GroupGreeting::MAX_NAMES
        )
    }
}

impl std::error::Error for TooManyNames {}

impl GroupGreeting {
    /// As many as one greeting names: with the longest names there are it is below 1 MiB.
    pub const MAX_NAMES: usize = 1_000;

    /// Names one more.
    ///
    /// # Errors
    ///
    /// Where it would be one too many.
    pub fn add(&mut self, name: Name) -> Result<(), TooManyNames> {
        if self.names == Self::MAX_NAMES {
            return Err(TooManyNames);
        }
        self.names += 1;
        if let Some(name) = self.last.replace(name) {
            if !self.before.is_empty() {
                self.before.push_str(", ");
            }
            self.before.push_str(name.as_str());
        }
        Ok(())
    }

    /// The greeting; `None` for nobody.
    #[must_use]
    pub fn greet(self) -> Option<String> {
        let Self { before, last, .. } = self;
        let last = last?;
        Some(if before.is_empty() {
            format!("Hello, {last}!")
        } else {
            format!("Hello, {before} and {last}!")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn greet(names: &[&str]) -> Option<String> {
        let mut everybody = GroupGreeting::default();
        for name in names {
            let name = Name::parse(name).expect("a name");
            everybody.add(name).expect("few");
        }
        everybody.greet()
    }

    #[test]
    fn everybody_is_named_in_order_and_nobody_is_not_greeted() {
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
    fn a_thousand_of_the_longest_names_fit_and_no_more() {
        let name = Name::parse(&"👩".repeat(Name::MAX_CHARS)).expect("a name");
        let mut everybody = GroupGreeting::default();
        for _ in 0..1_000 {
            everybody.add(name.clone()).expect("it fits");
        }
        assert_eq!(everybody.add(name), Err(TooManyNames));
        let greeting = everybody.greet().expect("a greeting");
        assert!(greeting.len() < 1024 * 1024);
    }
}
