//! Requests that have an id are answered again as they were the first time.

use std::{fmt::Write as _, time::Duration};

use rusqlite::{OptionalExtension as _, Row, params};

use super::{
    commands,
    metadata::WriteTransaction,
    row::{self, in_bin},
};
use frontdesk_directory::{Command, IdempotencyKey, Rejection, Revision, User, UserId};

/// How long an answer is remembered.
pub(super) const REMEMBERED: Duration = Duration::from_hours(24);

/// Makes the change, or answers as when it was made.
pub(super) fn edit(
    changing: &mut WriteTransaction<'_>,
    edit: &Command,
    id: Option<&IdempotencyKey>,
    keep: Duration,
) -> rusqlite::Result<Result<User, Rejection>> {
    let Some(id) = id else {
        return commands::edit(changing, edit.clone(), keep);
    };
    let words = words(edit);
    if let Some(known) = known(changing, id, keep)? {
        return Ok(if known.edit == words {
            known.answer
        } else {
            Err(Rejection::IdempotencyKeyReused)
        });
    }
    let answer = commands::edit(changing, edit.clone(), keep)?;
    remember(changing, id, &words, &answer)?;
    Ok(answer)
}

struct IndexSnapshot {
    edit: String,
    answer: Result<User, Rejection>,
}

fn known(
    changing: &WriteTransaction<'_>,
    id: &IdempotencyKey,
    keep: Duration,
) -> rusqlite::Result<Option<IndexSnapshot>> {
    let mut find = changing.db.prepare_cached(
        "SELECT user, name, email, revision, changed, sample, in_bin, edit, refused, about \
         FROM requests WHERE id = ?1 AND at > ?2",
    )?;
    let since = changing.now().saturating_sub(REMEMBERED);
    find.query_row(params![id.as_str(), since.0], |row| {
        Ok(IndexSnapshot {
            edit: row.get(7)?,
            answer: answer(row, keep)?,
        })
    })
    .optional()
}

fn answer(row: &Row<'_>, keep: Duration) -> rusqlite::Result<Result<User, Rejection>> {
    let about: i64 = row.get(9)?;
    let user = i32::try_from(about).ok().and_then(UserId::new);
    Ok(match (row.get::<_, i64>(8)?, user) {
        (0, _) => {
            let user = row::user(row)?;
            Ok(if row.get(6)? {
                in_bin(user, keep)
            } else {
                user
            })
        }
        (1, Some(id)) => Err(Rejection::UserNotFound(id)),
        (2, Some(id)) => Err(Rejection::EmailTaken(id)),
        (3, _) => Err(Rejection::RevisionMismatch(Revision(about.unsigned_abs()))),
        _ => Err(Rejection::IdsExhausted),
    })
}

fn remember(
    changing: &WriteTransaction<'_>,
    id: &IdempotencyKey,
    edit: &str,
    answer: &Result<User, Rejection>,
) -> rusqlite::Result<()> {
    let (refused, about) = match answer {
        Ok(_) | Err(Rejection::IdempotencyKeyReused) => (0, 0),
        Err(Rejection::UserNotFound(id)) => (1, id.get().into()),
        Err(Rejection::EmailTaken(id)) => (2, id.get().into()),
        Err(Rejection::RevisionMismatch(revision)) => {
            (3, i64::try_from(revision.0).unwrap_or(i64::MAX))
        }
        Err(Rejection::IdsExhausted) => (4, 0),
    };
    let user = answer.as_ref().ok();
    // One of the same id whose time is over may not be swept out yet: it is replaced under a new
    // number, as the numbers are in the order of the times.
    changing
        .db
        .prepare_cached(
            "INSERT OR REPLACE INTO requests (id, at, edit, refused, about, user, name, email, revision, \
             changed, sample, in_bin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",

        )?
        .execute(params![
            id.as_str(),
            changing.now().0,
            edit,
            refused,
            about,
            user.map(|user| user.id.get()),
            user.map(|user| user.name.as_str()),
            user.map(|user| user.email.as_str()),
            user.map(|user| i64::try_from(user.revision.0).unwrap_or(i64::MAX)),
            user.map(|user| user.update_time.0),
            user.map(|user| user.sample),
            user.map(|user| user.purge_time.is_some()),
        ])?;
    Ok(())
}

/// What is asked for, to know it again. Fields have no control characters, so no two requests have
/// the same words.
fn words(edit: &Command) -> String {
    let mut words = String::new();
    let (kind, id, name, email, expected) = match edit {
        Command::Create { name, email } => ("create", None, Some(name), Some(email), None),
        Command::Update {
            id,
            name,
            email,
            expected,
        } => ("update", Some(id), name.as_ref(), email.as_ref(), *expected),
        Command::Delete { id, expected } => ("delete", Some(id), None, None, *expected),
        Command::Restore { id, expected } => ("restore", Some(id), None, None, *expected),
    };
    words.push_str(kind);
    // Writing into a String does not fail.
    if let Some(id) = id {
        write!(words, "\nid {id}").ok();
    }
    if let Some(expected) = expected {
        write!(words, "\nexpected {expected}").ok();
    }
    if let Some(name) = name {
        write!(words, "\nname {name}").ok();
    }
    if let Some(email) = email {
        write!(words, "\nemail {email}").ok();
    }
    words
}
