//! Somebody in the directory.

use std::fmt;

use super::{Email, Name, Timestamp};

/// Somebody in the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Theirs for good: an id is never given to somebody else.
    pub id: UserId,
    /// What they are called.
    pub name: Name,
    /// Where their mail goes; nobody else's, but of those who are in the bin.
    pub email: Email,
    /// The revision of their last change.
    pub revision: Revision,
    /// When that was.
    pub update_time: Timestamp,
    /// Whether they are made up.
    pub sample: bool,
    /// Until when they can be restored; only of those who are in the bin, since
    /// [`User::changed`].
    pub purge_time: Option<Timestamp>,
}

/// Somebody who has no id yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// What they are called.
    pub name: Name,
    /// Where their mail goes.
    pub email: Email,
}

/// A user's number: 1 to 2³¹−1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(i32);

impl UserId {
    /// The last one that can be given.
    pub const LAST: Self = Self(i32::MAX);

    /// The id of this number, or `None` for a number that no user ever has.
    #[must_use]
    pub fn new(number: i32) -> Option<Self> {
        (number >= 1).then_some(Self(number))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i32 {
        self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How many changes the directory has seen: every change makes the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_begin_at_one() {
        assert_eq!(UserId::new(1).map(UserId::get), Some(1));
        assert_eq!(UserId::new(i32::MAX).map(UserId::get), Some(i32::MAX));
        assert_eq!(UserId::new(0), None);
        assert_eq!(UserId::new(-7), None);
    }
}
