//! What the rules decide.

use super::Counters;
use crate::{Change, IdempotencyKey, Rejection, Timestamp, User, UserId};

/// Writes what the rules decide. All of one decision belongs in one transaction.
pub trait Writer {
    /// Why it could not be written.
    type Error;

    /// Writes the row, the change log entry and the counters.
    ///
    /// # Errors
    /// They could not be written.
    fn apply(&mut self, change: AppliedChange) -> Result<(), Self::Error>;

    /// Stores the response under its key, in place of an expired one.
    ///
    /// # Errors
    /// It could not be written.
    fn store_response(
        &mut self,
        key: &IdempotencyKey,
        response: &StoredResponse,
    ) -> Result<(), Self::Error>;
}

/// A response, and what has to be written before it is sent.
#[derive(Clone, Debug)]
#[must_use = "a decision has no effect until it is written"]
pub struct Decision<T> {
    response: T,
    change: Option<AppliedChange>,
    stored: Option<(IdempotencyKey, StoredResponse)>,
}

impl<T> Decision<T> {
    pub(super) fn unchanged(response: T) -> Self {
        Self {
            response,
            change: None,
            stored: None,
        }
    }

    pub(super) fn changed(response: T, change: AppliedChange) -> Self {
        Self {
            change: Some(change),
            ..Self::unchanged(response)
        }
    }

    pub(super) fn response(&self) -> &T {
        &self.response
    }

    pub(super) fn storing(self, key: IdempotencyKey, response: StoredResponse) -> Self {
        Self {
            stored: Some((key, response)),
            ..self
        }
    }

    /// Writes the effects, then returns the response.
    ///
    /// # Errors
    /// The writer failed. Some effects may have been written: the transaction has to be rolled back.
    pub fn write<W: Writer>(self, writer: &mut W) -> Result<T, W::Error> {
        if let Some(change) = self.change {
            writer.apply(change)?;
        }
        if let Some((key, response)) = &self.stored {
            writer.store_response(key, response)?;
        }
        Ok(self.response)
    }
}

/// A change of one user, decided by the rules.
#[derive(Clone, Debug)]
pub struct AppliedChange {
    pub(super) change: Change,
    pub(super) row: Row,
    pub(super) last_id: Option<UserId>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Row {
    Insert,
    Update,
    Trash,
    Restore,
    Purge,
}

impl AppliedChange {
    /// The entry of the change log.
    #[must_use]
    pub fn change(&self) -> &Change {
        &self.change
    }

    /// The entry of the change log, without a copy.
    #[must_use]
    pub fn into_change(self) -> Change {
        self.change
    }

    /// What happens to the user's row.
    #[must_use]
    pub fn row(&self) -> RowChange<'_> {
        let user = &self.change.user;
        match self.row {
            Row::Insert => RowChange::Insert(user),
            Row::Update => RowChange::Update(user),
            Row::Trash => RowChange::Trash(user),
            Row::Restore => RowChange::Restore(user),
            Row::Purge => RowChange::Purge(user.id),
        }
    }

    /// The counters after this change.
    #[must_use]
    pub fn counters(&self) -> Counters {
        Counters {
            last_id: self.last_id,
            revision: self.change.revision(),
            update_time: self.change.time(),
        }
    }
}

/// What happens to a user's row.
#[derive(Clone, Copy, Debug)]
pub enum RowChange<'a> {
    /// It is new; no other user has the id or the email.
    Insert(&'a User),
    /// It is overwritten; no other user has the email.
    Update(&'a User),
    /// It moves to the trash, with these values.
    Trash(&'a User),
    /// It moves out of the trash, with these values; no other user has the email.
    Restore(&'a User),
    /// It is removed without passing through the trash.
    Purge(UserId),
}

/// The response to a command with an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredResponse {
    /// When the command was executed.
    pub time: Timestamp,
    /// Identifies the command: another command with the same key is rejected.
    pub fingerprint: String,
    /// What was returned.
    pub response: Result<User, Rejection>,
}
