//! The stored data that the rules depend on.

use super::StoredResponse;
use crate::{IdempotencyKey, User, UserId};

/// Looks up stored data for the rules. The data includes all changes written so far, also those of the
/// current transaction.
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
