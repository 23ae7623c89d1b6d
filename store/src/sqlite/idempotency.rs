//! Responses that are stored under idempotency keys.

use std::time::Duration;

use frontdesk_directory::{
    IdempotencyKey, Rejection, Revision, Timestamp, User, UserId, rules::StoredResponse,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::row::{self, in_trash};

pub(super) fn read(
    db: &Connection,
    key: &IdempotencyKey,
    trash_retention: Duration,
) -> rusqlite::Result<Option<StoredResponse>> {
    let mut find = db.prepare_cached(
        "SELECT user_id, name, email, revision, update_time, sample, in_trash, create_time, \
         fingerprint, rejection, rejection_value FROM idempotency_keys WHERE key = ?1",
    )?;
    find.query_row([key.as_str()], |row| {
        Ok(StoredResponse {
            time: Timestamp(row.get(7)?),
            fingerprint: row.get(8)?,
            response: response(row, trash_retention)?,
        })
    })
    .optional()
}

fn response(row: &Row<'_>, trash_retention: Duration) -> rusqlite::Result<Result<User, Rejection>> {
    let value: i64 = row.get(10)?;
    let user = i32::try_from(value).ok().and_then(UserId::new);
    Ok(match (row.get::<_, i64>(9)?, user) {
        (0, _) => {
            let user = row::user(row)?;
            Ok(if row.get(6)? {
                in_trash(user, trash_retention)
            } else {
                user
            })
        }
        (1, Some(id)) => Err(Rejection::UserNotFound(id)),
        (2, Some(id)) => Err(Rejection::EmailTaken(id)),
        (3, _) => Err(Rejection::RevisionMismatch(Revision(value.unsigned_abs()))),
        _ => Err(Rejection::IdsExhausted),
    })
}

pub(super) fn insert(
    db: &Connection,
    key: &IdempotencyKey,
    stored: &StoredResponse,
) -> rusqlite::Result<()> {
    let (rejection, value) = match &stored.response {
        Ok(_) | Err(Rejection::IdempotencyKeyReused) => (0, 0),
        Err(Rejection::UserNotFound(id)) => (1, id.get().into()),
        Err(Rejection::EmailTaken(id)) => (2, id.get().into()),
        Err(Rejection::RevisionMismatch(revision)) => (3, revision.0.cast_signed()),
        Err(Rejection::IdsExhausted) => (4, 0),
    };
    let user = stored.response.as_ref().ok();
    // An expired response is replaced under a new number: the retention sweep relies on numbers and
    // times having the same order.
    db.prepare_cached(
        "INSERT OR REPLACE INTO idempotency_keys (key, create_time, fingerprint, rejection, \
         rejection_value, user_id, name, email, revision, update_time, sample, in_trash) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        key.as_str(),
        stored.time.0,
        stored.fingerprint,
        rejection,
        value,
        user.map(|user| user.id.get()),
        user.map(|user| user.name.as_str()),
        user.map(|user| user.email.as_str()),
        user.map(|user| user.revision.0.cast_signed()),
        user.map(|user| user.update_time.0),
        user.map(|user| user.sample),
        user.map(|user| user.purge_time.is_some()),
    ])?;
    Ok(())
}
