//! Users come and go.

use rusqlite::{Connection, OptionalExtension, params};

use super::tally::Tally;
use crate::directory::{Name, NewUser, UserId};

/// Whether people are made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// They are not.
    Real,
    /// They are, and go when the samples are removed.
    Sample,
}

/// What became of people who were to be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// How many are new.
    pub new: usize,
    /// How many were there already, by the same name and email.
    pub already_there: usize,
    /// Who was not added since somebody of another name has the email: the position among those
    /// who were to be added, in order, and who has it.
    pub taken: Vec<(usize, UserId)>,
}

/// Adds people. The email decides who is there already.
pub(super) fn add(
    db: &Connection,
    people: impl IntoIterator<Item = NewUser>,
    origin: Origin,
) -> rusqlite::Result<Added> {
    let mut added = Added::default();
    let mut tally = Tally::default();
    let mut insert = db.prepare_cached(
        "INSERT INTO users (id, name, email, email_key, sample) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (email_key) DO NOTHING",
    )?;
    let sample = origin == Origin::Sample;
    let mut last = last_id(db)?;
    for (position, person) in people.into_iter().enumerate() {
        let NewUser { name, email } = person;
        let key = email.key();
        let id = i64::from(last) + 1;
        if insert.execute(params![id, name.as_str(), email.as_str(), key, sample])? == 1 {
            last += 1;
            tally.added(id);
            added.new += 1;
            continue;
        }
        match holder(db, &key, &name, origin)? {
            None => added.already_there += 1,
            Some(holder) => added.taken.push((position, holder)),
        }
    }
    tally.write(db)?;
    Ok(added)
}

/// Who holds the email, if it is somebody of another name.
fn holder(
    db: &Connection,
    key: &str,
    name: &Name,
    origin: Origin,
) -> rusqlite::Result<Option<UserId>> {
    let mut find = db.prepare_cached("SELECT id, name, sample FROM users WHERE email_key = ?1")?;
    let found = find.query_row([key], |row| {
        let same = row.get_ref(1)?.as_str()? == name.as_str();
        Ok((row.get::<_, i32>(0)?, same, row.get::<_, bool>(2)?))
    });
    let Some((id, same, sample)) = found.optional()? else {
        return Ok(None);
    };
    if !same {
        return Ok(UserId::new(id));
    }
    if sample && origin == Origin::Real {
        // A person who was made up and then really came is not to go with the samples.
        db.prepare_cached("UPDATE users SET sample = 0 WHERE id = ?1")?
            .execute([id])?;
    }
    Ok(None)
}

/// Removes everybody who is made up; answers how many that were.
pub(super) fn remove_samples(db: &Connection) -> rusqlite::Result<usize> {
    let tally = Tally::samples_removed(db)?;
    let removed = db.execute("DELETE FROM users WHERE sample = 1", [])?;
    tally.write(db)?;
    Ok(removed)
}

/// The last id that was ever given.
pub(super) fn last_id(db: &Connection) -> rusqlite::Result<i32> {
    db.prepare_cached("SELECT last_id FROM directory")?
        .query_row([], |row| row.get(0))
}
