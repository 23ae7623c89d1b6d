//! The tables, and how older ones become these.

use frontdesk_directory::text::fold;
use rusqlite::{Connection, Transaction, params};
use rusqlite_migration::{HookResult, M, Migrations};

use frontdesk_directory::Timestamp;

/// In the header of every database that is Frontdesk's.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"FdDk");
/// The newest tables that this Frontdesk knows.
pub(super) const VERSION: i32 = 3;

/// Brings the tables up to [`VERSION`]. Each step is one transaction: a Frontdesk that is killed
/// on the way finds either the tables of before or those of after.
pub(super) fn migrate(db: &mut Connection) -> Result<(), rusqlite_migration::Error> {
    let steps = vec![
        M::up(include_str!("schema.sql")),
        M::up_with_hook(include_str!("changes.sql"), carry_users_over),
        M::up(include_str!("contents.sql")),
    ];
    Migrations::new(steps).to_latest(db)
}

/// Users of tables that knew no changes have, all of them, the last revision there was.
fn carry_users_over(db: &Transaction<'_>) -> HookResult {
    let revision: i64 = db.query_row("SELECT revision FROM directory", [], |row| row.get(0))?;
    let now = Timestamp::from(std::time::SystemTime::now());
    {
        let mut users = db.prepare("SELECT id, name, email, email_key, sample FROM users")?;
        let mut now_there = db.prepare(
            "INSERT INTO users_now (id, name, email, email_key, sample, revision, changed, name_key) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let mut rows = users.query([])?;
        while let Some(row) = rows.next()? {
            let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str()?);
            let name = text(1)?;
            now_there.execute(params![
                row.get::<_, i64>(0)?,
                name,
                text(2)?,
                text(3)?,
                row.get::<_, i64>(4)?,
                revision,
                now.0,
                fold(name),
            ])?;
        }
    }
    db.execute_batch(include_str!("indexes.sql"))?;
    Ok(())
}
