//! Users, their ids and revisions.

use std::fmt;

use crate::{Email, Name, Timestamp};

/// A user of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Never reassigned, not even after the user was purged.
    pub id: UserId,
    /// The name. Several users can have the same one.
    pub name: Name,
    /// The email address. Unique among all users outside of the trash, by [`Email::key`].
    pub email: Email,
    /// The revision of the user's last change.
    pub revision: Revision,
    /// The time of the user's last change.
    pub update_time: Timestamp,
    /// Whether the user is generated sample data. A user whose fields were changed no longer is.
    pub sample: bool,
    /// When a user in the trash is purged: until then it can be restored. `None` outside of the
    /// trash.
    pub purge_time: Option<Timestamp>,
}

/// The fields of a user that is still to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewUser {
    /// The name.
    pub name: Name,
    /// The email address.
    pub email: Email,
}

/// A user's id: 1 to 2³¹−1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(i32);

impl UserId {
    /// The largest id.
    pub const MAX: Self = Self(i32::MAX);

    /// Returns the id with this number; `None` below 1.
    #[must_use]
    pub fn new(number: i32) -> Option<Self> {
        (number >= 1).then_some(Self(number))
    }

    /// The id as a number.
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

/// A revision of the directory: the number of changes made so far. Each change increments it by one,
/// in commit order. The default, 0, is that of an empty directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    fn ids_start_at_one() {
        assert_eq!(UserId::new(1).map(UserId::get), Some(1));
        assert_eq!(UserId::new(i32::MAX).map(UserId::get), Some(i32::MAX));
        assert_eq!(UserId::new(0), None);
        assert_eq!(UserId::new(-7), None);
    }
}
