//! Changes of users.

use crate::{Actor, Email, Name, Revision, Timestamp, User};

/// A change of one user, as the change log stores it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was done.
    pub kind: ChangeKind,
    /// The user after the change. A deleted user has the fields that it had last, with the revision
    /// and the time of the deletion.
    pub user: User,
    /// The name and the email before an update; `None` for the other kinds.
    pub before: Option<(Name, Email)>,
    /// The revision that the user had in the directory before; `None` if it was not in it, and for
    /// changes that builds without this field have logged.
    pub previous_revision: Option<Revision>,
    /// Who made it.
    pub actor: Actor,
}

impl Change {
    /// The revision of the directory after this change.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.user.revision
    }

    /// When the change was made.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.user.update_time
    }
}

/// The kinds of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// A user was created.
    Created,
    /// A user's fields were changed.
    Updated,
    /// A user was moved to the trash or purged.
    Deleted,
    /// A user was restored from the trash.
    Restored,
}
