//! The change log: what each revision changed.

use std::{sync::Arc, time::Duration};

use frontdesk_directory::{
    Actor, Change, ChangeKind, ChangeLogQuery, Email, Error, Name, Revision,
};
use rusqlite::{CachedStatement, Connection, Params, Row, params};

use super::{
    error::{missing_revision, read_error},
    metadata::Metadata,
    row::{in_trash, user},
};
use crate::feed::ChangeLog;

/// The columns that [`change`] reads, in this order: those of a user first.
macro_rules! columns {
    () => {
        "user_id, name, email, revision, update_time, sample, in_trash, kind, old_name, old_email, \
         previous_revision, actor"
    };
}

pub(super) fn insert(db: &Connection, change: &Change) -> rusqlite::Result<()> {
    let Change {
        kind,
        user,
        before,
        previous_revision,
        actor,
    } = change;
    let actor = (*actor != Actor::LOCAL_OPERATOR).then(|| actor.as_str());
    db.prepare_cached(concat!(
        "INSERT INTO change_log (",
        columns!(),
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    ))?
    .execute(params![
        user.id.get(),
        user.name.as_str(),
        user.email.as_str(),
        user.revision.0.cast_signed(),
        user.update_time.0,
        user.sample,
        user.purge_time.is_some(),
        match kind {
            ChangeKind::Created => 1,
            ChangeKind::Updated => 2,
            ChangeKind::Deleted => 3,
            ChangeKind::Restored => 4,
        },
        before.as_ref().map(|(name, _)| name.as_str()),
        before.as_ref().map(|(_, email)| email.as_str()),
        previous_revision.map(|revision| revision.0.cast_signed()),
        actor,
    ])?;
    Ok(())
}

/// Reads the change log over a connection.
pub(super) struct StoredChanges<'db> {
    pub(super) db: &'db Connection,
    pub(super) trash_retention: Duration,
}

impl ChangeLog for StoredChanges<'_> {
    fn read_after(&self, after: Revision, limit: usize) -> Result<Vec<Arc<Change>>, Error> {
        // In one transaction with the changes: a concurrent trim would look like damage.
        let metadata = Metadata::read(self.db).map_err(|error| read_error(&error))?;
        let first = after.0.saturating_add(1);
        let oldest = Revision(metadata.oldest_revision.unsigned_abs());
        if first < oldest.0 {
            return Err(Error::RevisionTooOld { oldest });
        }
        let changes = self
            .from(first, limit)
            .map_err(|error| read_error(&error))?;
        let expected = metadata.revision.unsigned_abs().saturating_sub(after.0);
        let is_short = (changes.len() as u64) < expected && changes.len() < limit;
        let gap = (first..)
            .zip(&changes)
            .find(|(expected, change)| change.revision().0 != *expected)
            .map(|(missing, _)| missing);
        match gap.or(is_short.then(|| first + changes.len() as u64)) {
            Some(missing) => Err(read_error(&missing_revision(missing))),
            None => Ok(changes),
        }
    }
}

impl StoredChanges<'_> {
    fn from(&self, first: u64, limit: usize) -> rusqlite::Result<Vec<Arc<Change>>> {
        let mut find = self.db.prepare_cached(concat!(
            "SELECT ",
            columns!(),
            " FROM change_log WHERE revision >= ?1 ORDER BY revision LIMIT ?2"
        ))?;
        let rows = find.query_map(params![saturate(first), saturate(limit)], |row| {
            change(row, self.trash_retention).map(Arc::new)
        })?;
        rows.collect()
    }

    /// Up to `limit` changes before a revision, newest first.
    pub(super) fn before(
        &self,
        query: ChangeLogQuery,
        limit: usize,
    ) -> rusqlite::Result<Vec<Change>> {
        let before = query.before.map_or(i64::MAX, |before| saturate(before.0));
        let limit = saturate(limit);
        match query.user {
            None => self.collect(
                self.db.prepare_cached(concat!(
                    "SELECT ",
                    columns!(),
                    " FROM change_log WHERE revision < ?1 ORDER BY revision DESC LIMIT ?2"
                ))?,
                params![before, limit],
            ),
            Some(user) => self.collect(
                self.db.prepare_cached(concat!(
                    "SELECT ",
                    columns!(),
                    " FROM change_log WHERE user_id = ?3 AND revision < ?1 \
                     ORDER BY revision DESC LIMIT ?2"
                ))?,
                params![before, limit, user.get()],
            ),
        }
    }

    fn collect(
        &self,
        mut find: CachedStatement<'_>,
        params: impl Params,
    ) -> rusqlite::Result<Vec<Change>> {
        let changes = find.query_map(params, |row| change(row, self.trash_retention))?;
        changes.collect()
    }
}

fn change(row: &Row<'_>, trash_retention: Duration) -> rusqlite::Result<Change> {
    let user = user(row)?;
    let before = match (row.get(8)?, row.get(9)?) {
        (Some(name), Some(email)) => Some((Name::from_trusted(name), Email::from_trusted(email))),
        _ => None,
    };
    let previous: Option<i64> = row.get(10)?;
    let actor: Option<String> = row.get(11)?;
    Ok(Change {
        kind: match row.get(7)? {
            1 => ChangeKind::Created,
            2 => ChangeKind::Updated,
            3 => ChangeKind::Deleted,
            4 => ChangeKind::Restored,
            other => return Err(rusqlite::Error::IntegralValueOutOfRange(7, other)),
        },
        user: if row.get(6)? {
            in_trash(user, trash_retention)
        } else {
            user
        },
        before,
        previous_revision: previous.map(|revision| Revision(revision.unsigned_abs())),
        actor: actor.map_or(Actor::LOCAL_OPERATOR, Actor::from_trusted),
    })
}

fn saturate(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}
