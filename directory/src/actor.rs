//! Who makes a change.

use std::{borrow::Cow, fmt};

/// Who makes a change, as the change log stores it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Actor(Cow<'static, str>);

impl Actor {
    /// Anyone who can reach the server or open its data directory: without authentication, every
    /// caller.
    pub const LOCAL_OPERATOR: Self = Self(Cow::Borrowed("local-operator"));

    /// An actor that a store has read back from its change log.
    #[must_use]
    pub fn from_trusted(text: String) -> Self {
        if text == Self::LOCAL_OPERATOR.as_str() {
            return Self::LOCAL_OPERATOR;
        }
        Self(Cow::Owned(text))
    }

    /// The actor's identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
