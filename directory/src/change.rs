//! What has changed.

use crate::{Actor, Email, Name, Revision, Timestamp, User};

/// One change of one user, as it is on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was done.
    pub kind: ChangeKind,
    /// The user after it, with its revision and its time. Of one who was deleted: as they were last.
    pub user: User,
    /// What an update changed: the name and the email before it.
    pub before: Option<(Name, Email)>,
    /// The revision that the user had in the directory before; `None` if it was not in it, and for
    /// changes that builds without this field have logged.
    pub previous_revision: Option<Revision>,
    /// Who made it.
    pub actor: Actor,
}

impl Change {
    /// The revision that it made.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.user.revision
    }

    /// When it was made.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.user.update_time
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A user was added.
    Created,
    /// A user's fields were changed.
    Updated,
    /// A user was put into the bin, or removed for good.
    Deleted,
    /// A user was taken out of the bin.
    Restored,
}
