//! Rows of the tables `users` and `trash`.

use std::time::Duration;

use frontdesk_directory::text::fold;
use frontdesk_directory::{Email, Name, Revision, Timestamp, User, UserId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// The columns that [`user`] reads, in this order.
macro_rules! columns {
    () => {
        "id, name, email, revision, update_time, sample"
    };
}
pub(super) use columns;

/// The user in a row of [`columns`].
pub(super) fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    let number = row.get(0)?;
    // The table's CHECK allows ids from 1.
    let id =
        UserId::new(number).ok_or(rusqlite::Error::IntegralValueOutOfRange(0, number.into()))?;
    Ok(User {
        id,
        name: Name::from_trusted(row.get(1)?),
        email: Email::from_trusted(row.get(2)?),
        revision: Revision(row.get::<_, i64>(3)?.unsigned_abs()),
        update_time: Timestamp(row.get(4)?),
        sample: row.get(5)?,
        purge_time: None,
    })
}

/// A user in the trash, with the time at which it is purged.
pub(super) fn in_trash(user: User, trash_retention: Duration) -> User {
    User {
        purge_time: Some(user.update_time.saturating_add(trash_retention)),
        ..user
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Users,
    Trash,
}

/// The keys that lists are ordered and searched by, in addition to the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) revision: i64,
}

/// A user with its keys.
#[derive(Clone, Debug)]
pub(super) struct StoredUser {
    pub(super) user: User,
    pub(super) keys: Keys,
}

impl StoredUser {
    pub(super) fn read(
        db: &Connection,
        table: Table,
        id: UserId,
    ) -> rusqlite::Result<Option<Self>> {
        let mut find = db.prepare_cached(match table {
            Table::Users => concat!(
                "SELECT ",
                columns!(),
                ", name_key, email_key FROM users WHERE id = ?1"
            ),
            Table::Trash => concat!(
                "SELECT ",
                columns!(),
                ", name_key, email_key FROM trash WHERE id = ?1"
            ),
        })?;
        find.query_row([id.get()], Self::from_row).optional()
    }

    pub(super) fn read_email(db: &Connection, key: &str) -> rusqlite::Result<Option<Self>> {
        let mut find = db.prepare_cached(concat!(
            "SELECT ",
            columns!(),
            ", name_key, email_key FROM users WHERE email_key = ?1"
        ))?;
        find.query_row([key], Self::from_row).optional()
    }

    /// From a row of [`columns`], then the keys of the name and the email.
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let user = user(row)?;
        let keys = Keys {
            name: row.get(6)?,
            email: row.get(7)?,
            revision: row.get(3)?,
        };
        Ok(Self { user, keys })
    }
}

pub(super) fn insert(db: &Connection, table: Table, user: &User) -> rusqlite::Result<()> {
    let insert = db.prepare_cached(match table {
        Table::Users => {
            "INSERT INTO users (id, name, email, revision, update_time, sample, email_key, name_key) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        }
        Table::Trash => {
            "INSERT INTO trash (id, name, email, revision, update_time, sample, email_key, name_key) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
        }
    })?;
    write(insert, user)
}

pub(super) fn update(db: &Connection, user: &User) -> rusqlite::Result<()> {
    let update = db.prepare_cached(
        "UPDATE users SET name = ?2, email = ?3, revision = ?4, update_time = ?5, sample = ?6, \
         email_key = ?7, name_key = ?8 WHERE id = ?1",
    )?;
    write(update, user)
}

pub(super) fn delete(db: &Connection, table: Table, id: UserId) -> rusqlite::Result<()> {
    let mut delete = db.prepare_cached(match table {
        Table::Users => "DELETE FROM users WHERE id = ?1",
        Table::Trash => "DELETE FROM trash WHERE id = ?1",
    })?;
    delete.execute([id.get()])?;
    Ok(())
}

fn write(mut statement: rusqlite::CachedStatement<'_>, user: &User) -> rusqlite::Result<()> {
    statement.execute(params![
        user.id.get(),
        user.name.as_str(),
        user.email.as_str(),
        user.revision.0.cast_signed(),
        user.update_time.0,
        user.sample,
        user.email.key(),
        fold(user.name.as_str()),
    ])?;
    Ok(())
}
