//! Bulk changes: imported rows and removed samples.

use super::{Decision, Lookup, Rules};
use crate::{ImportProgress, ImportRejection, NewUser, OnExisting, User, UserId};

/// The outcome of an imported row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// The user is new.
    Created,
    /// A user with this email was updated.
    Updated,
    /// A user with this email stays unchanged.
    Unchanged,
    /// Rejected: this user has the email and another name.
    EmailTaken(UserId),
    /// Rejected: no id is left.
    IdsExhausted,
}

/// The position of a batch in its import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchPosition {
    /// It is the next one.
    Next,
    /// A batch with this sequence was written: if it had the same rows, the response is repeated.
    Written,
}

impl BatchPosition {
    /// Determines the position of a batch. `stored` is how the import handles existing users, and its
    /// progress; `None` if this is its first batch.
    ///
    /// # Errors
    /// The batch is out of order, or the import was started with another `on_existing`.
    pub fn of(
        sequence: u64,
        on_existing: OnExisting,
        stored: Option<(OnExisting, ImportProgress)>,
    ) -> Result<Self, ImportRejection> {
        let progress = resume(on_existing, stored)?;
        let next = progress.last_sequence + 1;
        if sequence > next {
            return Err(ImportRejection::UnexpectedSequence(next));
        }
        Ok(if sequence == next {
            Self::Next
        } else {
            Self::Written
        })
    }
}

/// Decides where an import continues. `stored` is the progress that it has, with what it was started
/// with; `None` if it is new.
///
/// # Errors
/// The import was started with another `on_existing`.
pub fn resume(
    on_existing: OnExisting,
    stored: Option<(OnExisting, ImportProgress)>,
) -> Result<ImportProgress, ImportRejection> {
    match stored {
        Some((started, _)) if started != on_existing => Err(ImportRejection::OnExistingMismatch),
        Some((_, progress)) => Ok(progress),
        None => Ok(ImportProgress::default()),
    }
}

impl<L: Lookup> Rules<'_, L> {
    /// Decides what an imported row does. The email decides whether the user exists.
    ///
    /// # Errors
    /// The lookup failed.
    pub fn import_row(
        &self,
        row: NewUser,
        sample: bool,
        on_existing: OnExisting,
    ) -> Result<Decision<RowOutcome>, L::Error> {
        let existing = self.lookup.user_by_email(&row.email.key())?;
        let Some(existing) = existing else {
            return Ok(match self.next_id() {
                Some(id) => Decision::changed(RowOutcome::Created, self.insert(id, row, sample)),
                None => Decision::unchanged(RowOutcome::IdsExhausted),
            });
        };
        let same_name = existing.name == row.name;
        Ok(match on_existing {
            OnExisting::Reject if !same_name => {
                Decision::unchanged(RowOutcome::EmailTaken(existing.id))
            }
            OnExisting::Update if !same_name || existing.email != row.email => Decision::changed(
                RowOutcome::Updated,
                self.overwrite(existing, row.name, row.email),
            ),
            // A sample that is imported as a real user stays when the samples are removed.
            _ if same_name && existing.sample && !sample => {
                let (name, email) = (existing.name.clone(), existing.email.clone());
                Decision::changed(RowOutcome::Updated, self.overwrite(existing, name, email))
            }
            _ => Decision::unchanged(RowOutcome::Unchanged),
        })
    }

    /// Removes a sample without passing through the trash. A user that is not a sample stays.
    pub fn remove_sample(&self, user: User) -> Decision<()> {
        if user.sample {
            Decision::changed((), self.purge(user))
        } else {
            Decision::unchanged(())
        }
    }
}
