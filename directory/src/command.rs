//! What one person changes, and why it may be refused.

use std::fmt;

use super::{Email, Error, Name, Revision, UserId};

/// A change that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Adds a user.
    Create {
        /// What they are called.
        name: Name,
        /// Where their mail goes.
        email: Email,
    },
    /// Changes those fields of a user that are given.
    Update {
        /// Whose.
        id: UserId,
        /// What they are called from now on.
        name: Option<Name>,
        /// Where their mail goes from now on.
        email: Option<Email>,
        /// Only if this is the revision of their last change.
        expected: Option<Revision>,
    },
    /// Puts a user into the bin.
    Delete {
        /// Whom.
        id: UserId,
        /// As for an update.
        expected: Option<Revision>,
    },
    /// Takes a user out of the bin.
    Restore {
        /// Whom.
        id: UserId,
        /// As for an update; the revision with which they are in the bin.
        expected: Option<Revision>,
    },
}

/// What happens to people who come with many others and are there already, by their email.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnExisting {
    /// Who is there by another name is refused.
    Refuse,
    /// Who is there stays as they are.
    Skip,
    /// Who is there gets the name, and the way to write the email.
    Update,
}

/// Why an [`Command`] is refused: nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// There is no such user; for a restoration, none in the bin.
    NoSuchUser(UserId),
    /// This user has the email.
    EmailTaken(UserId),
    /// They were changed since; this is their revision now.
    ChangedSince(Revision),
    /// Its [`IdempotencyKey`] is that of another request.
    OtherRequest,
    /// No id is left that could be given.
    NoMoreIds,
}

/// What came of an [`Command`] or an import, or kept the directory from trying it.
pub type CommandResult<T, R = Rejection> = Result<Result<T, R>, Error>;

/// SortField which a client's request is known when it is sent again: 1 to [`IdempotencyKey::MAX_CHARS`]
/// characters without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The longest, in characters (Unicode scalar values).
    pub const MAX_CHARS: usize = 64;

    /// The one way in; `None` for an empty text, which stands for no id.
    ///
    /// # Errors
    /// It is too long, or not text.
    pub fn parse(text: &str) -> Result<Option<Self>, IdempotencyKeyError> {
        if text.chars().nth(Self::MAX_CHARS).is_some() || text.chars().any(char::is_control) {
            return Err(IdempotencyKeyError);
        }
        Ok((!text.is_empty()).then(|| Self(text.to_owned())))
    }

    /// The id's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text is no [`IdempotencyKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotencyKeyError;

impl fmt::Display for IdempotencyKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = IdempotencyKey::MAX_CHARS;
        write!(
            f,
            "must have at most {most} characters, and no control characters"
        )
    }
}

impl std::error::Error for IdempotencyKeyError {}
