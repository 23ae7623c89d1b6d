//! The schema and its migrations.

use frontdesk_directory::Timestamp;
use frontdesk_directory::text::fold;
use rusqlite::{Connection, Transaction, params};
use rusqlite_migration::{HookResult, M, Migrations};

/// In the header of every Frontdesk database.
pub(super) const APPLICATION_ID: i32 = i32::from_be_bytes(*b"FdDk");
/// The newest schema that this build supports.
pub(super) const VERSION: i32 = 4;

/// Migrates to [`VERSION`]. Each step is one transaction: a process that is killed in between leaves
/// the schema from before a step or from after it.
pub(super) fn migrate(db: &mut Connection) -> Result<(), rusqlite_migration::Error> {
    let steps = vec![
        M::up(include_str!("migrations/1_users.sql")),
        M::up_with_hook(include_str!("migrations/2_changes.sql"), copy_users),
        M::up(include_str!("migrations/3_batch_content.sql")),
        M::up(include_str!("migrations/4_names.sql")),
    ];
    Migrations::new(steps).to_latest(db)
}

/// Users from before the change log all get the last revision.
fn copy_users(db: &Transaction<'_>) -> HookResult {
    let revision: i64 = db.query_row("SELECT revision FROM directory", [], |row| row.get(0))?;
    let now = Timestamp::from(std::time::SystemTime::now());
    {
        let mut users = db.prepare("SELECT id, name, email, email_key, sample FROM users")?;
        let mut insert = db.prepare(
            "INSERT INTO users_now (id, name, email, email_key, sample, revision, changed, name_key) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let mut rows = users.query([])?;
        while let Some(row) = rows.next()? {
            let text = |column| Ok::<_, rusqlite::Error>(row.get_ref(column)?.as_str()?);
            let name = text(1)?;
            insert.execute(params![
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
    db.execute_batch(include_str!("migrations/2_indexes.sql"))?;
    Ok(())
}
