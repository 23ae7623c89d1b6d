//! Imports that keep nothing.
//!
//! What the rows would do is noted in a temporary table, which goes to a file of its own when it
//! grows: a connection that can only read has it, so no writer is held up and nothing is kept.

use std::{sync::Arc, thread};

use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::count;
use crate::sqlite::{
    Store,
    bulk::{Conflict, RowOutcome, meet},
    error::{failed, internal},
    metadata::Metadata,
    open,
    row::{columns, user},
};
use frontdesk_directory::{
    BatchResult, Email, Error, ImportBatch, ImportCounts, ImportRejection, Name, NewUser,
    OnExisting, Revision, Timestamp, User, UserId,
};

/// How many there are at once at most: each has a thread, a connection and a file.
pub(in crate::sqlite) const MOST: usize = 8;
/// How many batches wait for it at most.
const QUEUE: usize = 1;
/// How many pages of 4 KiB each may note: 512 MiB, for some millions of rows.
const MOST_PAGES: i32 = 131_072;
/// Page cache of what is noted.
const CACHE_KIB: i32 = 2 * 1_024;

type Reply = oneshot::Sender<Result<Result<BatchResult, ImportRejection>, Error>>;

/// An import that keeps nothing. From its first batch on it has a thread of its own, which ends with
/// it: who has only begun takes nobody's place.
pub(super) struct DryRun {
    store: Store,
    on_existing: OnExisting,
    batches: Option<mpsc::Sender<(ImportBatch, Reply)>>,
}

impl DryRun {
    pub(super) fn new(store: &Store, on_existing: OnExisting) -> Self {
        Self {
            store: store.clone(),
            on_existing,
            batches: None,
        }
    }

    /// # Errors
    /// There are too many at once, or the thread can't be had.
    pub(super) async fn take(
        &mut self,
        batch: ImportBatch,
    ) -> Result<oneshot::Receiver<Result<Result<BatchResult, ImportRejection>, Error>>, Error> {
        let batches = match &self.batches {
            Some(batches) => batches,
            None => self.batches.insert(start(&self.store, self.on_existing)?),
        };
        let (reply, answer) = oneshot::channel();
        let sent = batches.send((batch, reply)).await;
        sent.map_err(|_| Error::ShuttingDown)?;
        Ok(answer)
    }
}

fn start(
    store: &Store,
    on_existing: OnExisting,
) -> Result<mpsc::Sender<(ImportBatch, Reply)>, Error> {
    let room = Arc::clone(store.room_for_dry_runs());
    let permit = Semaphore::try_acquire_owned(room).map_err(|_| Error::Busy)?;
    let (sender, batches) = mpsc::channel(QUEUE);
    let store = store.clone();
    thread::Builder::new()
        .name("store-dry-run".to_owned())
        .spawn(move || run(store, on_existing, batches, permit))
        .map_err(|error| Error::Internal(Box::new(error)))?;
    Ok(sender)
}

fn run(
    store: Store,
    on_existing: OnExisting,
    mut batches: mpsc::Receiver<(ImportBatch, Reply)>,
    permit: OwnedSemaphorePermit,
) {
    let mut notes = None;
    while let Some((batch, reply)) = batches.blocking_recv() {
        let open = match &mut notes {
            Some(notes) => Ok(notes),
            none => Notes::open(&store, on_existing).map(|notes| none.insert(notes)),
        };
        let answer = open.and_then(|notes| {
            let taken = notes.take(batch);
            taken.map(Ok).map_err(|error| failed(&error))
        });
        // Who asked may have stopped waiting.
        reply.send(answer).ok();
    }
    // The store last: it takes the WAL with it where nobody else has it open.
    drop(notes);
    drop(permit);
    drop(store);
}

/// What would be there by now.
struct Notes {
    db: Connection,
    on_existing: OnExisting,
    /// The last id that would have been given.
    last_id: i64,
}

impl Notes {
    fn open(store: &Store, on_existing: OnExisting) -> Result<Self, Error> {
        let db = open::reader(store.path(), 1).map_err(|error| Error::Internal(Box::new(error)))?;
        let begin = || {
            db.pragma_update(None, "temp_store", "FILE")?;
            db.execute_batch(
                "CREATE TEMP TABLE met (email_key TEXT PRIMARY KEY, id INTEGER NOT NULL, \
                 name TEXT NOT NULL, email TEXT NOT NULL) WITHOUT ROWID",
            )?;
            db.execute_batch(&format!(
                "PRAGMA temp.cache_size = -{CACHE_KIB}; PRAGMA temp.max_page_count = {MOST_PAGES}"
            ))?;
            Metadata::read(&db)
        };
        let facts = begin().map_err(|error| internal(&error))?;
        Ok(Self {
            db,
            on_existing,
            last_id: facts.last_id,
        })
    }

    /// One short transaction a batch: a long one would keep the WAL from shrinking.
    fn take(&mut self, batch: ImportBatch) -> rusqlite::Result<BatchResult> {
        self.db.execute_batch("BEGIN")?;
        let taken = self.rows(batch);
        let end = if taken.is_ok() { "COMMIT" } else { "ROLLBACK" };
        // Where the disk is full SQLite may have ended it already; why is what is told.
        if self.db.is_autocommit() {
            return taken;
        }
        let ended = self.db.execute_batch(end);
        taken.and_then(|taken| ended.map(|()| taken))
    }

    fn rows(&mut self, batch: ImportBatch) -> rusqlite::Result<BatchResult> {
        let revision = Revision(Metadata::read(&self.db)?.revision.unsigned_abs());
        let mut counts = ImportCounts::default();
        let mut refused = Vec::new();
        for row in batch.rows {
            match row.user {
                Ok(person) => {
                    let became = self.row(person)?;
                    count(&mut counts, &mut refused, row.line, became);
                }
                Err(bad) => refused.push((row.line, bad)),
            }
        }
        counts.rejected = refused.len() as u64;
        Ok(BatchResult {
            sequence: batch.sequence,
            counts,
            rejected: refused,
            revision,
        })
    }

    fn row(&mut self, person: NewUser) -> rusqlite::Result<RowOutcome> {
        let key = person.email.key().into_owned();
        let new = real(UserId::MAX, person.name, person.email);
        let Some(old) = self.find(&key)? else {
            let next = i32::try_from(self.last_id + 1).ok().and_then(UserId::new);
            let Some(id) = next else {
                return Ok(RowOutcome::WithoutId(new.email));
            };
            self.note(&key, id, &new)?;
            self.last_id += 1;
            return Ok(RowOutcome::New);
        };
        Ok(match meet(&old, &new, self.on_existing) {
            Conflict::Stays => RowOutcome::AlreadyThere,
            Conflict::Taken => RowOutcome::Taken(new.email, old.id),
            Conflict::Confirmed => {
                self.note(&key, old.id, &old)?;
                RowOutcome::Changed
            }
            Conflict::Rewritten => {
                self.note(&key, old.id, &new)?;
                RowOutcome::Changed
            }
        })
    }

    /// Who would have the email by now.
    fn find(&self, key: &str) -> rusqlite::Result<Option<User>> {
        let noted = self
            .db
            .prepare_cached("SELECT id, name, email FROM temp.met WHERE email_key = ?1")?
            .query_row([key], |row| {
                let id = UserId::new(row.get(0)?).unwrap_or(UserId::MAX);
                let name = Name::from_trusted(row.get(1)?);
                Ok(real(id, name, Email::from_trusted(row.get(2)?)))
            })
            .optional()?;
        if noted.is_some() {
            return Ok(noted);
        }
        self.db
            .prepare_cached(concat!(
                "SELECT ",
                columns!(),
                " FROM main.users WHERE email_key = ?1"
            ))?
            .query_row([key], user)
            .optional()
    }

    fn note(&self, key: &str, id: UserId, user: &User) -> rusqlite::Result<()> {
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO temp.met (email_key, id, name, email) \
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                key,
                id.get(),
                user.name.as_str(),
                user.email.as_str()
            ])?;
        Ok(())
    }
}

/// Somebody who is not made up, as far as a dry run has to know them.
fn real(id: UserId, name: Name, email: Email) -> User {
    User {
        id,
        name,
        email,
        revision: Revision(0),
        update_time: Timestamp(0),
        sample: false,
        purge_time: None,
    }
}
