//! Users that are added or removed in bulk by a command on the same machine.

use frontdesk_directory::{Actor, NewUser, OnExisting, User, UserId, rules::RowOutcome};

use super::{
    row::{columns, user},
    transaction::WriteTransaction,
};

/// Whether users are real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Real users.
    Real,
    /// Generated ones, which can be removed with one command.
    Sample,
}

/// The outcome of adding users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// The number of created users.
    pub created: usize,
    /// The number of existing users that were updated.
    pub updated: usize,
    /// The number of existing users that stay unchanged.
    pub unchanged: usize,
    /// The users that were rejected because another user has the email: their indexes, ascending,
    /// and the other user.
    pub rejected: Vec<(usize, UserId)>,
}

pub(super) fn add(
    transaction: &mut WriteTransaction<'_>,
    users: impl IntoIterator<Item = NewUser>,
    origin: Origin,
) -> rusqlite::Result<Added> {
    let mut added = Added::default();
    let is_sample = origin == Origin::Sample;
    for (index, user) in users.into_iter().enumerate() {
        let outcome = transaction.decide(&Actor::LOCAL_OPERATOR, |rules| {
            rules.import_row(user, is_sample, OnExisting::Reject)
        })?;
        match outcome {
            RowOutcome::Created => added.created += 1,
            RowOutcome::Updated => added.updated += 1,
            RowOutcome::Unchanged => added.unchanged += 1,
            RowOutcome::EmailTaken(id) => added.rejected.push((index, id)),
            RowOutcome::IdsExhausted => {
                return Err(rusqlite::Error::IntegralValueOutOfRange(0, i64::MAX));
            }
        }
    }
    Ok(added)
}

/// Removes up to `limit` samples without passing through the trash; returns the number of removed
/// samples.
pub(super) fn remove_samples(
    transaction: &mut WriteTransaction<'_>,
    limit: usize,
) -> rusqlite::Result<usize> {
    let samples: Vec<User> = transaction
        .db()
        .prepare_cached(concat!(
            "SELECT ",
            columns!(),
            " FROM users WHERE sample = 1 ORDER BY id LIMIT ?1"
        ))?
        .query_map([i64::try_from(limit).unwrap_or(i64::MAX)], user)?
        .collect::<rusqlite::Result<_>>()?;
    let removed = samples.len();
    for sample in samples {
        transaction.decide(&Actor::LOCAL_OPERATOR, |rules| {
            Ok(rules.remove_sample(sample))
        })?;
    }
    Ok(removed)
}
