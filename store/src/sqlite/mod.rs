//! The tables: users in one `SQLite` database, `frontdesk.db`. Only this room knows SQL.
//!
//! One thread writes and commits what has queued up together; a few threads read, and as many search
//! and sort, each over a connection of its own. All queues are bounded.

mod block_counts;
mod bulk;
mod change_log;
mod checkpointer;
mod commands;
mod error;
mod export;
mod history;
mod idempotency;
mod imports;
mod integrity;
mod keys;
mod lock;
mod metadata;
mod open;
mod prefetch;
mod reader;
mod recent_changes;
mod retention;
mod row;
mod rows;
mod samples;
mod schema;
mod search_index;
mod searcher;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod threads;
mod watch;
mod writer;

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use async_trait::async_trait;
use tokio::sync::{Semaphore, mpsc, oneshot};

pub use self::{
    bulk::{Added, Origin},
    export::{check, export, is_a_directorys, is_there},
    history::Changes,
    imports::StoreImport,
    integrity::{About, about, sqlite_version},
    lock::{Lock, holder, served},
    retention::RetentionPolicy,
    rows::Rows,
    samples::Samples,
    searcher::FoundRows,
    watch::Watch,
};
use self::{
    metadata::WriteTransaction,
    reader::ReadRequest,
    threads::Threads,
    writer::{Work, work},
};
use crate::failure::Failure;
use frontdesk_directory::{
    ChangeLogQuery, ChangeStream, Command, CommandResult, Cursor, Directory, Error, IdempotencyKey,
    Import, ImportProgress, ImportRejection, ListQuery, NewUser, OnExisting, RequestContext,
    Revision, StartImport, User, UserId, UserList,
};

const FILE: &str = "frontdesk.db";

/// The directory in a data folder. Cloning is shallow: an atomic increment.
///
/// When the last clone is dropped (a list that is being read holds one), the readers and the
/// writer end what they are at, the WAL goes back into the database and the folder is free. The
/// drop waits for that, some milliseconds as a rule.
#[derive(Clone)]
pub struct Store(Arc<Threads>);

impl Store {
    /// Opens the directory in the folder that `lock` holds; a new one is made and furnished.
    ///
    /// # Errors
    /// The database is damaged, newer than this Frontdesk or not Frontdesk's; it is as it was.
    pub fn open(lock: &Lock, keeping: RetentionPolicy) -> Result<Self, Failure> {
        Ok(Self(Arc::new(Threads::start(lock, keeping, false)?)))
    }

    /// Opens it as [`Store::open`] does, for lists that search and sort too: all that they are found
    /// by is read into memory first. Looking up one user, and everybody by id, do not wait for that.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_to_find(lock: &Lock, keeping: RetentionPolicy) -> Result<Self, Failure> {
        Ok(Self(Arc::new(Threads::start(lock, keeping, true)?)))
    }

    /// Has people added, together with what else waits to be written. Blocks while the writer's
    /// queue is full; not to be called from asynchronous code.
    ///
    /// # Errors
    /// The writer is gone.
    pub fn add(&self, people: Vec<NewUser>, origin: Origin) -> Result<Pending<Added>, Error> {
        self.write(move |changing| bulk::add(changing, people.clone(), origin, OnExisting::Reject))
    }

    /// Has at most so many samples removed; answers how many that were. Blocks like
    /// [`Store::add`].
    ///
    /// # Errors
    /// The writer is gone.
    pub fn remove_samples(&self, most: usize) -> Result<Pending<usize>, Error> {
        self.write(move |changing| bulk::remove_samples(changing, most))
    }

    /// The last id that was ever given, once all that waited to be written is.
    ///
    /// # Errors
    /// The writer is gone.
    pub fn last_id(&self) -> Result<Pending<i32>, Error> {
        self.write(|changing| Ok(changing.last_id()))
    }

    fn write<T: Send + 'static>(
        &self,
        change: impl FnMut(&mut WriteTransaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<Pending<T>, Error> {
        let (work, answer) = work(change);
        self.writer()?
            .blocking_send(work)
            .map_err(|_| Error::ShuttingDown)?;
        Ok(Pending(answer))
    }

    /// Waits while the writer's queue is full. What has been given to it may be done even where
    /// nobody waits for the answer any more.
    async fn change<T: Send + 'static>(
        &self,
        change: impl FnMut(&mut WriteTransaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (work, answer) = work(change);
        self.writer()?
            .send(work)
            .await
            .map_err(|_| Error::ShuttingDown)?;
        answer.await.unwrap_or(Err(Error::ShuttingDown))
    }

    fn writer(&self) -> Result<&mpsc::Sender<Work>, Error> {
        self.0.writer.as_ref().ok_or(Error::ShuttingDown)
    }

    fn path(&self) -> &Path {
        &self.0.path
    }

    fn turns_of_batches(&self) -> &Arc<Semaphore> {
        &self.0.batches
    }

    fn room_for_dry_runs(&self) -> &Arc<Semaphore> {
        &self.0.dry_runs
    }

    /// The readers take turns.
    fn reader(&self) -> &mpsc::Sender<ReadRequest> {
        let turn = self.0.next.fetch_add(1, Ordering::Relaxed);
        &self.0.readers[turn % self.0.readers.len()]
    }

    async fn ask<T>(&self, ask: impl FnOnce(reader::Reply<T>) -> ReadRequest) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        self.reader()
            .try_send(ask(reply))
            .map_err(|error| not_taken(&error))?;
        answer.await.unwrap_or(Err(Error::ShuttingDown))
    }

    fn finders(&self) -> Result<&mpsc::Sender<searcher::ReadRequest>, Error> {
        let unopened = || Error::Internal("the directory was not opened to find anybody".into());
        self.0.finders.as_ref().ok_or_else(unopened)
    }

    async fn find(&self, selection: ListQuery) -> Result<UserList, Error> {
        let (reply, answer) = oneshot::channel();
        self.finders()?
            .try_send(searcher::ReadRequest::Begin(selection, reply))
            .map_err(|error| not_taken(&error))?;
        let begun = answer.await.unwrap_or(Err(Error::ShuttingDown))?;
        Ok(UserList {
            total: begun.total,
            revision: begun.revision,
            next: begun.next,
            users: Box::pin(searcher::rows(self.clone(), begun.batch)),
        })
    }
}

fn not_taken<T>(error: &mpsc::error::TrySendError<T>) -> Error {
    match error {
        mpsc::error::TrySendError::Full(_) => Error::Busy,
        mpsc::error::TrySendError::Closed(_) => Error::ShuttingDown,
    }
}

#[async_trait]
impl Directory for Store {
    async fn user(&self, _: &RequestContext, id: UserId) -> Result<Option<User>, Error> {
        self.ask(|reply| ReadRequest::User(id, reply)).await
    }

    async fn execute(
        &self,
        _: &RequestContext,
        command: Command,
        key: Option<IdempotencyKey>,
    ) -> CommandResult<User> {
        let keep = self.0.keeping.bin;
        self.change(move |changing| idempotency::edit(changing, &command, key.as_ref(), keep))
            .await
    }

    async fn import(
        &self,
        _: &RequestContext,
        start: StartImport,
    ) -> CommandResult<(Box<dyn Import>, ImportProgress), ImportRejection> {
        let begun = imports::begin(self, start).await?;
        Ok(begun.map(|(import, progress)| (Box::new(import) as Box<dyn Import>, progress)))
    }

    async fn list(&self, _: &RequestContext, query: ListQuery) -> Result<UserList, Error> {
        if !query.selects_all_by_id() {
            return self.find(query).await;
        }
        let beginning = self
            .ask(|reply| ReadRequest::List(query.range, reply))
            .await?;
        Ok(UserList {
            total: beginning.total,
            revision: beginning.revision,
            next: beginning.last.map(|id| Cursor {
                key: Vec::new(),
                id,
            }),
            users: Box::pin(Rows::new(self.clone(), beginning.users, beginning.rest)),
        })
    }

    async fn watch(
        &self,
        _: &RequestContext,
        after: Option<Revision>,
    ) -> Result<frontdesk_directory::Watch, Error> {
        let mut head = self.0.live.now();
        let after = after.unwrap_or(head.revision);
        if after > head.revision {
            // Who has just read the tables may know of a commit that is not told of yet.
            head = self.ask(ReadRequest::Head).await?;
            if after > head.revision {
                return Err(Error::RevisionTooNew {
                    newest: head.revision,
                    oldest: head.oldest,
                });
            }
        }
        // What the record has lost may still be among the newest.
        if after.0 + 1 < head.oldest.0 && self.0.live.after(after, 1).is_empty() {
            return Err(Error::RevisionTooOld {
                oldest: head.oldest,
            });
        }
        Ok(frontdesk_directory::Watch {
            after,
            head: head.revision,
            changes: Box::pin(Watch::new(self.clone(), after)),
        })
    }

    fn changes(&self, _: &RequestContext, query: ChangeLogQuery) -> ChangeStream {
        Box::pin(Changes::new(self.clone(), query))
    }
}

/// What will be answered when it is on disk.
#[derive(Debug)]
pub struct Pending<T>(oneshot::Receiver<Result<T, Error>>);

impl<T> Pending<T> {
    /// Blocks until it is; not to be called from asynchronous code.
    ///
    /// # Errors
    /// It failed, and nothing of it was kept.
    pub fn wait(self) -> Result<T, Error> {
        self.0.blocking_recv().unwrap_or(Err(Error::ShuttingDown))
    }
}
