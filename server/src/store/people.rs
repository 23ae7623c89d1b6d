//! Many users come at once, or go.

use super::{
    edits,
    facts::Changing,
    row::{Found, Place},
};
use crate::directory::{ChangeKind, NewUser, OnExisting, Refused, User, UserId};

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
    /// How many were there and were changed.
    pub changed: usize,
    /// How many were there and stayed as they were.
    pub already_there: usize,
    /// Who was not added since somebody of another name has the email: the position among those
    /// who were to be added, in order, and who has it.
    pub taken: Vec<(usize, UserId)>,
}

/// Adds people. The email decides who is there already.
pub(super) fn add(
    changing: &mut Changing<'_>,
    people: impl IntoIterator<Item = NewUser>,
    origin: Origin,
    on_existing: OnExisting,
) -> rusqlite::Result<Added> {
    let mut added = Added::default();
    for (position, person) in people.into_iter().enumerate() {
        let Some(id) = changing.free_id() else {
            return Err(rusqlite::Error::IntegralValueOutOfRange(0, i64::MAX));
        };
        let new = Found::new(User {
            id,
            name: person.name,
            email: person.email,
            revision: changing.next_revision(),
            changed: changing.now(),
            sample: origin == Origin::Sample,
            in_bin_until: None,
        });
        if new.insert(changing, Place::Directory)? {
            changing.gives(id);
            changing.record(ChangeKind::Created, new.user, None, (None, Some(new.keys)))?;
            added.new += 1;
            continue;
        }
        let Some(old) = Found::with_email(changing, &new.keys.email)? else {
            return Err(rusqlite::Error::QueryReturnedNoRows);
        };
        let same = old.user.name == new.user.name;
        if !same && on_existing == OnExisting::Refuse {
            added.taken.push((position, old.user.id));
            continue;
        }
        let (name, email) = (new.user.name, new.user.email);
        let was = old.user.revision;
        let now = if on_existing == OnExisting::Update {
            edits::rewrite(changing, old, Some(name), Some(email))?
        } else if same && old.user.sample && origin == Origin::Real {
            // A person who was made up and then really came is not to go with the samples.
            edits::confirm(changing, old).map(Ok)?
        } else {
            Ok(old.user)
        };
        match now {
            Ok(now) if now.revision != was => added.changed += 1,
            Ok(_) => added.already_there += 1,
            Err(Refused::EmailTaken(id)) => added.taken.push((position, id)),
            Err(_) => return Err(rusqlite::Error::QueryReturnedNoRows),
        }
    }
    Ok(added)
}

/// Removes at most so many users who are made up, for good; answers how many that were.
pub(super) fn remove_samples(changing: &mut Changing<'_>, most: usize) -> rusqlite::Result<usize> {
    let samples: Vec<_> = changing
        .db
        .prepare_cached("SELECT id FROM users WHERE sample = 1 ORDER BY id LIMIT ?1")?
        .query_map([i64::try_from(most).unwrap_or(i64::MAX)], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i32>>>()?;
    let mut removed = 0;
    for id in samples {
        let found = match UserId::new(id) {
            Some(id) => Found::with_id(changing, Place::Directory, id)?,
            None => None,
        };
        if let Some(found) = found {
            edits::purge(changing, found)?;
            removed += 1;
        }
    }
    Ok(removed)
}
