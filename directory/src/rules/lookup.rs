//! What the rules need to know about stored data.

use super::StoredResponse;
use crate::{IdempotencyKey, User, UserId};

/// What the rules need to know about stored data, after all changes written so far, including those
/// of the current transaction.
pub trait Lookup {
    /// Why stored data could not be read.
    type Error;

    /// The user with this id, unless it is in the trash.
    ///
    /// # Errors
    /// Stored data could not be read.
    fn user(&self, id: UserId) -> Result<Option<User>, Self::Error>;

    /// The user with this id in the trash.
    ///
    /// # Errors
    /// As for [`Lookup::user`].
    fn trashed_user(&self, id: UserId) -> Result<Option<User>, Self::Error>;

    /// The user with this [`Email::key`](crate::Email::key), unless it is in the trash.
    ///
    /// # Errors
    /// As for [`Lookup::user`].
    fn user_by_email(&self, key: &str) -> Result<Option<User>, Self::Error>;

    /// The response that is stored for this key, expired or not.
    ///
    /// # Errors
    /// As for [`Lookup::user`].
    fn response(&self, key: &IdempotencyKey) -> Result<Option<StoredResponse>, Self::Error>;
}
