//! Many users come at once, or go.

use super::{
    commands,
    metadata::WriteTransaction,
    row::{StoredUser, Table},
};
use frontdesk_directory::{ChangeKind, Email, NewUser, OnExisting, User, UserId};

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
    changing: &mut WriteTransaction<'_>,
    people: impl IntoIterator<Item = NewUser>,
    origin: Origin,
    on_existing: OnExisting,
) -> rusqlite::Result<Added> {
    let mut added = Added::default();
    for (position, person) in people.into_iter().enumerate() {
        match add_one(changing, person, origin, on_existing)? {
            RowOutcome::New => added.new += 1,
            RowOutcome::Changed => added.changed += 1,
            RowOutcome::AlreadyThere => added.already_there += 1,
            RowOutcome::Taken(_, id) => added.taken.push((position, id)),
            RowOutcome::WithoutId(_) => {
                return Err(rusqlite::Error::IntegralValueOutOfRange(0, i64::MAX));
            }
        }
    }
    Ok(added)
}

/// What became of somebody who was to be added.
pub(super) enum RowOutcome {
    New,
    Changed,
    AlreadyThere,
    /// Not added: this user has the email and another name.
    Taken(Email, UserId),
    /// Not added: every id has been given.
    WithoutId(Email),
}

/// Adds somebody, or does to who has their email what is to be done.
pub(super) fn add_one(
    changing: &mut WriteTransaction<'_>,
    person: NewUser,
    origin: Origin,
    on_existing: OnExisting,
) -> rusqlite::Result<RowOutcome> {
    let free = changing.free_id();
    let new = StoredUser::new(User {
        // Of somebody who may be there already: nobody can be added with it.
        id: free.unwrap_or(UserId::MAX),
        name: person.name,
        email: person.email,
        revision: changing.next_revision(),
        update_time: changing.now(),
        sample: origin == Origin::Sample,
        purge_time: None,
    });
    if let Some(id) = free
        && new.insert(changing, Table::Directory)?
    {
        changing.gives(id);
        changing.record(ChangeKind::Created, new.user, None, (None, Some(new.keys)))?;
        return Ok(RowOutcome::New);
    }
    let Some(old) = StoredUser::with_email(changing, &new.keys.email)? else {
        return match free {
            None => Ok(RowOutcome::WithoutId(new.user.email)),
            Some(_) => Err(rusqlite::Error::QueryReturnedNoRows),
        };
    };
    match meet(&old.user, &new.user, on_existing) {
        Conflict::Stays => Ok(RowOutcome::AlreadyThere),
        Conflict::Taken => Ok(RowOutcome::Taken(new.user.email, old.user.id)),
        Conflict::Confirmed => commands::confirm(changing, old).map(|_| RowOutcome::Changed),
        Conflict::Rewritten => {
            let (name, email) = (new.user.name, new.user.email);
            match commands::rewrite(changing, old, Some(name), Some(email))? {
                Ok(_) => Ok(RowOutcome::Changed),
                // The email was theirs before.
                Err(_) => Err(rusqlite::Error::QueryReturnedNoRows),
            }
        }
    }
}

/// What happens when somebody comes with an email that a user has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Conflict {
    /// The user stays as they are.
    Stays,
    /// Who comes has another name, and is refused.
    Taken,
    /// The user was made up and then really came: they are not to go with the samples.
    Confirmed,
    /// The user gets what who comes has.
    Rewritten,
}

/// What happens when `new` comes with the email that `old` has.
pub(super) fn meet(old: &User, new: &User, on_existing: OnExisting) -> Conflict {
    let same = old.name == new.name;
    match on_existing {
        OnExisting::Reject if !same => Conflict::Taken,
        OnExisting::Update if !same || old.email != new.email => Conflict::Rewritten,
        _ if same && old.sample && !new.sample => Conflict::Confirmed,
        _ => Conflict::Stays,
    }
}

/// Removes at most so many users who are made up, for good; answers how many that were.
pub(super) fn remove_samples(
    changing: &mut WriteTransaction<'_>,
    most: usize,
) -> rusqlite::Result<usize> {
    let samples: Vec<_> = changing
        .db
        .prepare_cached("SELECT id FROM users WHERE sample = 1 ORDER BY id LIMIT ?1")?
        .query_map([i64::try_from(most).unwrap_or(i64::MAX)], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i32>>>()?;
    let mut removed = 0;
    for id in samples {
        let found = match UserId::new(id) {
            Some(id) => StoredUser::with_id(changing, Table::Directory, id)?,
            None => None,
        };
        if let Some(found) = found {
            commands::purge(changing, found)?;
            removed += 1;
        }
    }
    Ok(removed)
}
