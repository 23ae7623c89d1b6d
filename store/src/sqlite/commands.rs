//! One user is changed.

use std::time::Duration;

use super::{
    metadata::WriteTransaction,
    row::{StoredUser, Table, in_bin},
};
use frontdesk_directory::{ChangeKind, Command, Email, Name, Rejection, Revision, User, UserId};

/// Makes the change; the user as they are then. `keep` is how long somebody is in the bin.
pub(super) fn edit(
    changing: &mut WriteTransaction<'_>,
    edit: Command,
    keep: Duration,
) -> rusqlite::Result<Result<User, Rejection>> {
    match edit {
        Command::Create { name, email } => create(changing, name, email, false),
        Command::Update {
            id,
            name,
            email,
            expected,
        } => update(changing, id, (name, email), expected),
        Command::Delete { id, expected } => delete(changing, id, expected, keep),
        Command::Restore { id, expected } => restore(changing, id, expected, keep),
    }
}

/// Adds a user.
pub(super) fn create(
    changing: &mut WriteTransaction<'_>,
    name: Name,
    email: Email,
    sample: bool,
) -> rusqlite::Result<Result<User, Rejection>> {
    let Some(id) = changing.free_id() else {
        return Ok(Err(Rejection::IdsExhausted));
    };
    let new = StoredUser::new(User {
        id,
        name,
        email,
        revision: changing.next_revision(),
        update_time: changing.now(),
        sample,
        purge_time: None,
    });
    if !new.insert(changing, Table::Directory)? {
        return Ok(Err(taken(changing, &new)?));
    }
    changing.gives(id);
    let keys = (None, Some(new.keys));
    changing.record(ChangeKind::Created, new.user.clone(), None, keys)?;
    Ok(Ok(new.user))
}

fn update(
    changing: &mut WriteTransaction<'_>,
    id: UserId,
    (name, email): (Option<Name>, Option<Email>),
    expected: Option<Revision>,
) -> rusqlite::Result<Result<User, Rejection>> {
    let old = match find(changing, Table::Directory, id, expected)? {
        Ok(old) => old,
        Err(refused) => return Ok(Err(refused)),
    };
    rewrite(changing, old, name, email)
}

/// Gives a user another name, another email, or both; who is real from then on.
pub(super) fn rewrite(
    changing: &mut WriteTransaction<'_>,
    old: StoredUser,
    name: Option<Name>,
    email: Option<Email>,
) -> rusqlite::Result<Result<User, Rejection>> {
    let name = name.unwrap_or_else(|| old.user.name.clone());
    let email = email.unwrap_or_else(|| old.user.email.clone());
    if name == old.user.name && email == old.user.email {
        return Ok(Ok(old.user));
    }
    let new = StoredUser::new(User {
        name,
        email,
        revision: changing.next_revision(),
        update_time: changing.now(),
        // Who was made up and has been changed by hand is not to go with the samples.
        sample: false,
        ..old.user
    });
    if new.keys.email != old.keys.email
        && let Some(holder) = StoredUser::with_email(changing, &new.keys.email)?
    {
        return Ok(Err(Rejection::EmailTaken(holder.user.id)));
    }
    new.update(changing)?;
    let before = Some((old.user.name, old.user.email));
    let keys = (Some(old.keys), Some(new.keys));
    changing.record(ChangeKind::Updated, new.user.clone(), before, keys)?;
    Ok(Ok(new.user))
}

fn delete(
    changing: &mut WriteTransaction<'_>,
    id: UserId,
    expected: Option<Revision>,
    keep: Duration,
) -> rusqlite::Result<Result<User, Rejection>> {
    let mut found = match find(changing, Table::Directory, id, expected)? {
        Ok(found) => found,
        Err(refused) => return Ok(Err(refused)),
    };
    found.remove(changing, Table::Directory)?;
    let was = Some(found.keys.clone());
    let user = renewed(changing, &mut found);
    found.insert(changing, Table::Bin)?;
    let user = in_bin(user, keep);
    changing.record(ChangeKind::Deleted, user.clone(), None, (was, None))?;
    Ok(Ok(user))
}

fn restore(
    changing: &mut WriteTransaction<'_>,
    id: UserId,
    expected: Option<Revision>,
    keep: Duration,
) -> rusqlite::Result<Result<User, Rejection>> {
    let mut found = match find(changing, Table::Bin, id, expected)? {
        Ok(found) => found,
        Err(refused) => return Ok(Err(refused)),
    };
    // Their time is over; they are only not swept out yet.
    if found.user.update_time.saturating_add(keep) <= changing.now() {
        return Ok(Err(Rejection::UserNotFound(id)));
    }
    let user = renewed(changing, &mut found);
    if !found.insert(changing, Table::Directory)? {
        return Ok(Err(taken(changing, &found)?));
    }
    found.remove(changing, Table::Bin)?;
    let keys = (None, Some(found.keys));
    changing.record(ChangeKind::Restored, user.clone(), None, keys)?;
    Ok(Ok(user))
}

/// A user who was made up is real from now on.
pub(super) fn confirm(
    changing: &mut WriteTransaction<'_>,
    old: StoredUser,
) -> rusqlite::Result<User> {
    let mut new = old.clone();
    new.user.sample = false;
    let user = renewed(changing, &mut new);
    new.update(changing)?;
    let before = Some((old.user.name, old.user.email));
    let keys = (Some(old.keys), Some(new.keys));
    changing.record(ChangeKind::Updated, user.clone(), before, keys)?;
    Ok(user)
}

/// Removes a user for good, past the bin.
pub(super) fn purge(
    changing: &mut WriteTransaction<'_>,
    mut found: StoredUser,
) -> rusqlite::Result<()> {
    found.remove(changing, Table::Directory)?;
    let was = Some(found.keys.clone());
    let user = renewed(changing, &mut found);
    changing.record(ChangeKind::Deleted, user, None, (was, None))
}

/// Gives them the next revision and the time by now.
fn renewed(changing: &WriteTransaction<'_>, found: &mut StoredUser) -> User {
    found.user.revision = changing.next_revision();
    found.user.update_time = changing.now();
    found.keys.revision = i64::try_from(found.user.revision.0).unwrap_or(i64::MAX);
    found.user.clone()
}

fn find(
    changing: &WriteTransaction<'_>,
    place: Table,
    id: UserId,
    expected: Option<Revision>,
) -> rusqlite::Result<Result<StoredUser, Rejection>> {
    Ok(match StoredUser::with_id(changing, place, id)? {
        None => Err(Rejection::UserNotFound(id)),
        Some(found) => match expected {
            Some(expected) if expected != found.user.revision => {
                Err(Rejection::RevisionMismatch(found.user.revision))
            }
            _ => Ok(found),
        },
    })
}

/// Who kept somebody from being added by having their email.
fn taken(changing: &WriteTransaction<'_>, new: &StoredUser) -> rusqlite::Result<Rejection> {
    let holder = StoredUser::with_email(changing, &new.keys.email)?;
    holder
        .map(|holder| Rejection::EmailTaken(holder.user.id))
        .ok_or(rusqlite::Error::QueryReturnedNoRows)
}
