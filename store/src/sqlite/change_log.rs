//! The record of changes, as it is read.

use std::time::Duration;

use rusqlite::{Connection, Row, params};

use super::{
    error::gap,
    metadata::{Metadata, kind},
    row::{in_bin, user},
};
use frontdesk_directory::{Change, Email, Name, Revision, UserId};

/// What [`change`] reads, in this order: a user first, as `row::user` does.
macro_rules! columns {
    () => {
        "user, name, email, revision, changed, sample, in_bin, kind, old_name, old_email"
    };
}

/// What is asked of the record, to be read forward.
#[derive(Clone, Copy, Debug)]
pub(super) struct After {
    /// Only what comes after this revision.
    pub(super) revision: Revision,
    pub(super) most: usize,
}

/// What is asked of the record, to be read backward.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    /// Only what comes before this revision.
    pub(super) revision: Option<Revision>,
    pub(super) user: Option<UserId>,
    pub(super) most: usize,
}

/// The next changes, without a gap; or the oldest revision on record, where that is beyond them.
/// `keep` is how long somebody is in the bin.
pub(super) fn after(
    db: &Connection,
    after: After,
    keep: Duration,
) -> rusqlite::Result<Result<Vec<Change>, Revision>> {
    // In one transaction with the changes, or what is forgotten in between would look like damage.
    let facts = Metadata::read(db)?;
    let mut next = number(after.revision).saturating_add(1);
    if next < facts.oldest {
        return Ok(Err(Revision(facts.oldest.unsigned_abs())));
    }
    let mut find = db.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM changes WHERE revision >= ?1 ORDER BY revision LIMIT ?2"
    ))?;
    let mut changes = Vec::with_capacity(after.most);
    let mut rows = find.query(params![next, limit(after.most)])?;
    while let Some(row) = rows.next()? {
        let change = change(row, keep)?;
        if number(change.revision()) != next {
            return Err(gap(next));
        }
        next += 1;
        changes.push(change);
    }
    if changes.len() < after.most && next <= facts.revision {
        return Err(gap(next));
    }
    Ok(Ok(changes))
}

/// The changes before it, the newest first. Fewer than the most where the record ends.
pub(super) fn before(
    db: &Connection,
    before: Before,
    keep: Duration,
) -> rusqlite::Result<Vec<Change>> {
    let revision = before.revision.map_or(i64::MAX, number);
    let most = limit(before.most);
    let mut changes = Vec::with_capacity(before.most);
    let mut read = |row: &Row<'_>| {
        changes.push(change(row, keep)?);
        Ok::<_, rusqlite::Error>(())
    };
    match before.user {
        None => {
            let mut find = db.prepare_cached(concat!(
                "SELECT ",
                columns!(),
                " FROM changes WHERE revision < ?1 ORDER BY revision DESC LIMIT ?2"
            ))?;
            let mut rows = find.query(params![revision, most])?;
            while let Some(row) = rows.next()? {
                read(row)?;
            }
        }
        Some(user) => {
            let mut find = db.prepare_cached(concat!(
                "SELECT ",
                columns!(),
                " FROM changes WHERE user = ?3 AND revision < ?1 ORDER BY revision DESC LIMIT ?2"
            ))?;
            let mut rows = find.query(params![revision, most, user.get()])?;
            while let Some(row) = rows.next()? {
                read(row)?;
            }
        }
    }
    Ok(changes)
}

fn change(row: &Row<'_>, keep: Duration) -> rusqlite::Result<Change> {
    let user = user(row)?;
    let before = match (row.get(8)?, row.get(9)?) {
        (Some(name), Some(email)) => Some((Name::from_trusted(name), Email::from_trusted(email))),
        _ => None,
    };
    Ok(Change {
        kind: kind(row.get(7)?)?,
        user: if row.get(6)? {
            in_bin(user, keep)
        } else {
            user
        },
        before,
    })
}

fn number(revision: Revision) -> i64 {
    i64::try_from(revision.0).unwrap_or(i64::MAX)
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
