//! Rows of the tables as users, and users as rows.

use std::time::Duration;

use frontdesk_directory::text::fold;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::metadata::{Keys, WriteTransaction};
use frontdesk_directory::{Email, Name, Revision, Timestamp, User, UserId};

/// What [`user`] reads, in this order.
macro_rules! columns {
    () => {
        "id, name, email, revision, changed, sample"
    };
}
pub(super) use columns;

/// The user in a row of [`columns`].
pub(super) fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    let number = row.get(0)?;
    // The table's CHECK holds ids to 1 and above.
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

/// Where a user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Directory,
    Bin,
}

/// A user as they are in a table, with what they are found by.
#[derive(Clone, Debug)]
pub(super) struct StoredUser {
    pub(super) user: User,
    pub(super) keys: Keys,
}

impl StoredUser {
    /// The user with this id.
    pub(super) fn with_id(
        changing: &WriteTransaction<'_>,
        place: Table,
        id: UserId,
    ) -> rusqlite::Result<Option<Self>> {
        Self::read(changing.db, place, id)
    }

    /// The user with this id, for who only reads.
    pub(super) fn read(
        db: &Connection,
        place: Table,
        id: UserId,
    ) -> rusqlite::Result<Option<Self>> {
        let mut find = db.prepare_cached(match place {
            Table::Directory => concat!(
                "SELECT ",
                columns!(),
                ", name_key, email_key FROM users WHERE id = ?1"
            ),
            Table::Bin => concat!(
                "SELECT ",
                columns!(),
                ", name_key, email_key FROM bin WHERE id = ?1"
            ),
        })?;
        find.query_row([id.get()], Self::from_row).optional()
    }

    /// The user who has the email.
    pub(super) fn with_email(
        changing: &WriteTransaction<'_>,
        key: &str,
    ) -> rusqlite::Result<Option<Self>> {
        Self::read_email(changing.db, key)
    }

    /// The user who has the email, for who only reads.
    pub(super) fn read_email(db: &Connection, key: &str) -> rusqlite::Result<Option<Self>> {
        let mut find = db.prepare_cached(concat!(
            "SELECT ",
            columns!(),
            ", name_key, email_key FROM users WHERE email_key = ?1"
        ))?;
        find.query_row([key], Self::from_row).optional()
    }

    /// Of a row of [`columns`], with the keys of the name and the email behind them.
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let user = user(row)?;
        let keys = Keys {
            name: row.get(6)?,
            email: row.get(7)?,
            revision: row.get(3)?,
        };
        Ok(Self { user, keys })
    }

    /// A user as they are to be, with the keys that follow from that.
    pub(super) fn new(user: User) -> Self {
        let keys = Keys {
            name: fold(user.name.as_str()).into_owned(),
            email: user.email.key().into_owned(),
            revision: i64::try_from(user.revision.0).unwrap_or(i64::MAX),
        };
        Self { user, keys }
    }

    /// Writes them into a table; `false` where somebody there has their email.
    pub(super) fn insert(
        &self,
        changing: &WriteTransaction<'_>,
        place: Table,
    ) -> rusqlite::Result<bool> {
        let mut insert = changing.db.prepare_cached(match place {
            Table::Directory => {
                "INSERT INTO users (id, name, email, revision, changed, sample, email_key, name_key) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (email_key) DO NOTHING"
            }
            Table::Bin => {
                "INSERT INTO bin (id, name, email, revision, changed, sample, email_key, name_key) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
            }
        })?;
        let Self { user, keys } = self;
        let rows = insert.execute(params![
            user.id.get(),
            user.name.as_str(),
            user.email.as_str(),
            keys.revision,
            user.update_time.0,
            user.sample,
            keys.email,
            keys.name,
        ])?;
        Ok(rows == 1)
    }

    /// Writes them over the user with their id, whose email is nobody else's.
    pub(super) fn update(&self, changing: &WriteTransaction<'_>) -> rusqlite::Result<()> {
        let mut update = changing.db.prepare_cached(
            "UPDATE users SET name = ?2, email = ?3, revision = ?4, changed = ?5, sample = ?6, \
             email_key = ?7, name_key = ?8 WHERE id = ?1",
        )?;
        let Self { user, keys } = self;
        update.execute(params![
            user.id.get(),
            user.name.as_str(),
            user.email.as_str(),
            keys.revision,
            user.update_time.0,
            user.sample,
            keys.email,
            keys.name,
        ])?;
        Ok(())
    }

    /// Takes them out of a table.
    pub(super) fn remove(
        &self,
        changing: &WriteTransaction<'_>,
        place: Table,
    ) -> rusqlite::Result<()> {
        let mut remove = changing.db.prepare_cached(match place {
            Table::Directory => "DELETE FROM users WHERE id = ?1",
            Table::Bin => "DELETE FROM bin WHERE id = ?1",
        })?;
        remove.execute([self.user.id.get()])?;
        Ok(())
    }
}

/// A user in the bin, who leaves it for good when so much time has passed.
pub(super) fn in_bin(user: User, keep: Duration) -> User {
    User {
        purge_time: Some(user.update_time.saturating_add(keep)),
        ..user
    }
}
