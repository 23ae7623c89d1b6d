//! Commands that change one user, and why they can be rejected.

use crate::{Email, Error, Name, Revision, UserId};

/// A command that changes one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Creates a user.
    Create {
        /// The name.
        name: Name,
        /// The email address.
        email: Email,
    },
    /// Changes the given fields of a user.
    Update {
        /// The user.
        id: UserId,
        /// The new name; `None` leaves it unchanged.
        name: Option<Name>,
        /// The new email address; `None` leaves it unchanged.
        email: Option<Email>,
        /// Rejects the command unless this is the user's current revision.
        expected: Option<Revision>,
    },
    /// Moves a user to the trash.
    Delete {
        /// The user.
        id: UserId,
        /// Rejects the command unless this is the user's current revision.
        expected: Option<Revision>,
    },
    /// Restores a user from the trash.
    Restore {
        /// The user.
        id: UserId,
        /// Rejects the command unless this is the user's revision in the trash.
        expected: Option<Revision>,
    },
}

/// What an import does with a row whose email address a user already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnExisting {
    /// Rejects the row if the user has another name; otherwise leaves the user unchanged.
    Reject,
    /// Leaves the user unchanged.
    Skip,
    /// Gives the user the row's name and its spelling of the email address.
    Update,
}

/// Why a [`Command`] was rejected. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// No user has this id; for [`Command::Restore`], none in the trash.
    UserNotFound(UserId),
    /// This user has the email address.
    EmailTaken(UserId),
    /// The user was changed since the expected revision; this is its current one.
    RevisionMismatch(Revision),
    /// The [`IdempotencyKey`](crate::IdempotencyKey) was used for a different command.
    IdempotencyKeyReused,
    /// Every id has been assigned.
    IdsExhausted,
}

/// The result of a [`Command`] or an import: a value or a rejection, unless the directory failed.
pub type CommandResult<T, R = Rejection> = Result<Result<T, R>, Error>;
