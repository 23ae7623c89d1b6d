//! Imports that store nothing.
//!
//! The changes that the rows would make are stored in a temporary table, which `SQLite` moves to a
//! file when it grows. A read-only connection can have one, so the writer is not blocked.

use std::{
    sync::Arc,
    thread,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use frontdesk_directory::{
    Actor, BatchResult, Error, IdempotencyKey, Import, ImportBatch, ImportRejection, OnExisting,
    PendingBatch, RequestContext, Timestamp, User, UserId,
    rules::{
        AppliedChange, Counters, Lookup, RowChange, RowOutcome, Rules, StoredResponse, Writer,
    },
};
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::mpsc;

use super::rows;
use crate::{
    permits::Permit,
    reply::{Reply, receive},
    sqlite::{
        error::{read_error, write_error},
        metadata::Metadata,
        open,
        row::{columns, user},
        shared::Shared,
    },
};

/// The maximum number of batches queued for a dry run.
const QUEUE: usize = 1;
/// The maximum size of its table, in pages of 4 KiB: 512 MiB, for a few million rows.
const MAX_PAGES: i32 = 131_072;
/// Page cache of the table.
const CACHE_KIB: i32 = 2 * 1_024;

type BatchReply = Reply<Result<BatchResult, ImportRejection>>;

/// An import that stores nothing. Its thread runs from its first batch to its end: an import that was
/// only started uses no permit.
pub(super) struct DryRun {
    shared: Arc<Shared>,
    actor: Actor,
    on_existing: OnExisting,
    batches: Option<mpsc::Sender<(ImportBatch, BatchReply)>>,
}

impl DryRun {
    pub(super) fn new(
        shared: &Arc<Shared>,
        context: &RequestContext,
        on_existing: OnExisting,
    ) -> Self {
        Self {
            shared: Arc::clone(shared),
            actor: context.caller.clone(),
            on_existing,
            batches: None,
        }
    }

    fn start(&self) -> Result<mpsc::Sender<(ImportBatch, BatchReply)>, Error> {
        let permit = self.shared.dry_runs.try_acquire().ok_or(Error::Busy)?;
        let (sender, batches) = mpsc::channel(QUEUE);
        let (shared, actor, on_existing) = (
            Arc::clone(&self.shared),
            self.actor.clone(),
            self.on_existing,
        );
        thread::Builder::new()
            .name("store-dry-run".to_owned())
            .spawn(move || run(shared, &actor, on_existing, batches, permit))
            .map_err(|error| Error::Internal(Box::new(error)))?;
        Ok(sender)
    }
}

#[async_trait]
impl Import for DryRun {
    async fn write(&mut self, batch: ImportBatch) -> Result<PendingBatch, Error> {
        let batches = if let Some(batches) = &self.batches {
            batches
        } else {
            let started = self.start()?;
            self.batches.insert(started)
        };
        let (reply, response) = Reply::new(None);
        let sent = batches.send((batch, reply)).await;
        sent.map_err(|_| Error::ShuttingDown)?;
        Ok(Box::pin(receive(response)))
    }
}

fn run(
    shared: Arc<Shared>,
    actor: &Actor,
    on_existing: OnExisting,
    mut batches: mpsc::Receiver<(ImportBatch, BatchReply)>,
    permit: Permit,
) {
    let mut overlay = None;
    while let Some((batch, reply)) = batches.blocking_recv() {
        let opened = match &mut overlay {
            Some(overlay) => Ok(overlay),
            none => Overlay::open(&shared).map(|opened| none.insert(opened)),
        };
        reply.send(opened.and_then(|overlay| {
            let imported = overlay.import(&batch, actor, on_existing);
            imported.map(Ok).map_err(|error| write_error(&error))
        }));
    }
    // The store is closed last: its last connection removes the WAL.
    drop(overlay);
    drop(permit);
    drop(shared);
}

/// The directory as the dry run would have left it: the stored users, overlaid by those that it would
/// have created or updated.
struct Overlay {
    db: Connection,
    counters: Counters,
}

impl Overlay {
    fn open(shared: &Shared) -> Result<Self, Error> {
        let db = open::reader(&shared.path, 1).map_err(|error| Error::Internal(Box::new(error)))?;
        let prepare = || {
            db.pragma_update(None, "temp_store", "FILE")?;
            db.execute_batch(
                "CREATE TEMP TABLE overlay (email_key TEXT PRIMARY KEY, id INTEGER NOT NULL, \
                 name TEXT NOT NULL, email TEXT NOT NULL, revision INTEGER NOT NULL, \
                 update_time INTEGER NOT NULL, sample INTEGER NOT NULL) WITHOUT ROWID",
            )?;
            db.execute_batch(&format!(
                "PRAGMA temp.cache_size = -{CACHE_KIB}; PRAGMA temp.max_page_count = {MAX_PAGES}"
            ))?;
            Metadata::read(&db)
        };
        let metadata = prepare().map_err(|error| read_error(&error))?;
        let counters = metadata.counters();
        Ok(Self { db, counters })
    }

    /// One short transaction per batch: a long one would keep the WAL from being truncated.
    fn import(
        &mut self,
        batch: &ImportBatch,
        actor: &Actor,
        on_existing: OnExisting,
    ) -> rusqlite::Result<BatchResult> {
        self.db.execute_batch("BEGIN")?;
        let imported = self.import_rows(batch, actor, on_existing);
        // When the disk is full, SQLite may have rolled back already: report why.
        if self.db.is_autocommit() {
            return imported;
        }
        let end = if imported.is_ok() {
            "COMMIT"
        } else {
            "ROLLBACK"
        };
        let ended = self.db.execute_batch(end);
        imported.and_then(|imported| ended.map(|()| imported))
    }

    fn import_rows(
        &mut self,
        batch: &ImportBatch,
        actor: &Actor,
        on_existing: OnExisting,
    ) -> rusqlite::Result<BatchResult> {
        let revision = Metadata::read(&self.db)?.counters().revision;
        let clock = Timestamp::from(SystemTime::now());
        let mut result = rows::import(batch, |user| -> rusqlite::Result<RowOutcome> {
            // Nothing enters the trash.
            let rules = Rules::new(&*self, self.counters, clock, actor, Duration::ZERO);
            let decision = rules.import_row(user, false, on_existing)?;
            decision.write(self)
        })?;
        // The revision of the stored directory.
        result.revision = revision;
        Ok(result)
    }
}

impl Lookup for Overlay {
    type Error = rusqlite::Error;

    fn user(&self, _: UserId) -> rusqlite::Result<Option<User>> {
        Err(not_imported())
    }

    fn trashed_user(&self, _: UserId) -> rusqlite::Result<Option<User>> {
        Err(not_imported())
    }

    fn user_by_email(&self, key: &str) -> rusqlite::Result<Option<User>> {
        let overlay = concat!(
            "SELECT ",
            columns!(),
            " FROM temp.overlay WHERE email_key = ?1"
        );
        let stored = concat!(
            "SELECT ",
            columns!(),
            " FROM main.users WHERE email_key = ?1"
        );
        for sql in [overlay, stored] {
            let mut find = self.db.prepare_cached(sql)?;
            let found = find.query_row([key], user).optional()?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn response(&self, _: &IdempotencyKey) -> rusqlite::Result<Option<StoredResponse>> {
        Err(not_imported())
    }
}

impl Writer for Overlay {
    type Error = rusqlite::Error;

    fn apply(&mut self, change: AppliedChange) -> rusqlite::Result<()> {
        let (RowChange::Insert(user) | RowChange::Update(user)) = change.row() else {
            return Err(not_imported());
        };
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO temp.overlay \
                 (id, name, email, revision, update_time, sample, email_key) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                user.id.get(),
                user.name.as_str(),
                user.email.as_str(),
                user.revision.0.cast_signed(),
                user.update_time.0,
                user.sample,
                user.email.key(),
            ])?;
        self.counters = change.counters();
        Ok(())
    }

    fn store_response(&mut self, _: &IdempotencyKey, _: &StoredResponse) -> rusqlite::Result<()> {
        Err(not_imported())
    }
}

/// The rules for an imported row do not look this up.
fn not_imported() -> rusqlite::Error {
    rusqlite::Error::InvalidQuery
}
