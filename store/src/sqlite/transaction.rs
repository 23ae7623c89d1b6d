//! A transaction of the writer: loads rows for the rules and writes what they decide.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use frontdesk_directory::{
    Actor, Change, IdempotencyKey, Revision, Timestamp, User, UserId,
    rules::{AppliedChange, Decision, Lookup, RowChange, Rules, StoredResponse, Writer},
};
use rusqlite::{Connection, OptionalExtension as _};

use super::{
    block_counts::BlockCounts,
    change_log, idempotency,
    metadata::Metadata,
    row::{self, Table, columns},
};

pub(super) struct WriteTransaction<'db> {
    rows: StoredRows<'db>,
    /// The metadata when the transaction began.
    stored: Metadata,
    metadata: Metadata,
    /// Not before the last change.
    now: Timestamp,
    counts: BlockCounts,
    changes: Vec<Arc<Change>>,
}

impl<'db> WriteTransaction<'db> {
    /// To be called within a transaction of `SQLite`.
    pub(super) fn begin(db: &'db Connection, trash_retention: Duration) -> rusqlite::Result<Self> {
        let stored = Metadata::read(db)?;
        let now = Timestamp::from(SystemTime::now()).max(stored.update_time);
        Ok(Self {
            rows: StoredRows {
                db,
                trash_retention,
            },
            stored,
            metadata: stored,
            now,
            counts: BlockCounts::default(),
            changes: Vec::new(),
        })
    }

    pub(super) fn db(&self) -> &'db Connection {
        self.rows.db
    }

    /// The time of all changes in this transaction.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The time of the last change before this transaction.
    pub(super) fn last_change(&self) -> Timestamp {
        self.stored.update_time
    }

    pub(super) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    pub(super) fn revision(&self) -> Revision {
        self.metadata.counters().revision
    }

    /// Lets the rules decide and writes what they decide.
    pub(super) fn decide<T>(
        &mut self,
        actor: &Actor,
        decide: impl FnOnce(Rules<'_, StoredRows<'db>>) -> rusqlite::Result<Decision<T>>,
    ) -> rusqlite::Result<T> {
        let counters = self.metadata.counters();
        let retention = self.rows.trash_retention;
        let rules = Rules::new(&self.rows, counters, self.now, actor, retention);
        decide(rules)?.write(self)
    }

    /// The change log was trimmed up to and including this revision.
    pub(super) fn trimmed(&mut self, revision: i64) {
        let oldest = &mut self.metadata.oldest_revision;
        *oldest = revision.saturating_add(1).max(*oldest);
    }

    /// Writes the metadata; returns it with the changes, to be published after the commit.
    pub(super) fn finish(mut self) -> rusqlite::Result<(Metadata, Vec<Arc<Change>>)> {
        self.metadata.total += self.counts.write(self.rows.db)?;
        if self.metadata != self.stored {
            self.metadata.write(self.rows.db)?;
        }
        Ok((self.metadata, self.changes))
    }
}

impl Writer for WriteTransaction<'_> {
    type Error = rusqlite::Error;

    fn apply(&mut self, change: AppliedChange) -> rusqlite::Result<()> {
        let db = self.rows.db;
        match change.row() {
            RowChange::Insert(user) => {
                row::insert(db, Table::Users, user)?;
                self.counts.add(user.id);
            }
            RowChange::Update(user) => row::update(db, user)?,
            RowChange::Trash(user) => {
                row::delete(db, Table::Users, user.id)?;
                row::insert(db, Table::Trash, user)?;
                self.counts.remove(user.id);
            }
            RowChange::Restore(user) => {
                row::delete(db, Table::Trash, user.id)?;
                row::insert(db, Table::Users, user)?;
                self.counts.add(user.id);
            }
            RowChange::Purge(id) => {
                row::delete(db, Table::Users, id)?;
                self.counts.remove(id);
            }
        }
        change_log::insert(db, change.change())?;
        self.metadata.set_counters(change.counters());
        self.changes.push(Arc::new(change.into_change()));
        Ok(())
    }

    fn store_response(
        &mut self,
        key: &IdempotencyKey,
        response: &StoredResponse,
    ) -> rusqlite::Result<()> {
        idempotency::insert(self.rows.db, key, response)
    }
}

/// The stored data that the rules look up, as seen within the transaction.
pub(super) struct StoredRows<'db> {
    pub(super) db: &'db Connection,
    pub(super) trash_retention: Duration,
}

impl Lookup for StoredRows<'_> {
    type Error = rusqlite::Error;

    fn user(&self, id: UserId) -> rusqlite::Result<Option<User>> {
        let sql = concat!("SELECT ", columns!(), " FROM users WHERE id = ?1");
        let mut find = self.db.prepare_cached(sql)?;
        find.query_row([id.get()], row::user).optional()
    }

    fn trashed_user(&self, id: UserId) -> rusqlite::Result<Option<User>> {
        let sql = concat!("SELECT ", columns!(), " FROM trash WHERE id = ?1");
        let mut find = self.db.prepare_cached(sql)?;
        find.query_row([id.get()], row::user).optional()
    }

    fn user_by_email(&self, key: &str) -> rusqlite::Result<Option<User>> {
        let sql = concat!("SELECT ", columns!(), " FROM users WHERE email_key = ?1");
        let mut find = self.db.prepare_cached(sql)?;
        find.query_row([key], row::user).optional()
    }

    fn response(&self, key: &IdempotencyKey) -> rusqlite::Result<Option<StoredResponse>> {
        idempotency::read(self.db, key, self.trash_retention)
    }
}
