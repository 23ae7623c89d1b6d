//! The tables: users in one `SQLite` database, `frontdesk.db`. Only this room knows SQL.
//!
//! One thread writes and commits what has queued up together; a few threads read, and as many search
//! and sort, each over a connection of its own. All queues are bounded.

mod ahead;
mod checkpointer;
mod edits;
mod error;
mod export;
mod facts;
mod finder;
mod finding;
mod history;
mod imports;
mod keeper;
mod keys;
mod live;
mod lock;
mod open;
mod people;
mod reader;
mod record;
mod requests;
mod row;
mod rows;
mod samples;
mod schema;
mod soundness;
mod tally;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod threads;
mod watching;
mod writer;

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use futures_util::future::Either;
use tokio::sync::{Semaphore, mpsc, oneshot};

pub use self::{
    export::{check, export, is_a_directorys, is_there},
    finder::FoundRows,
    history::Changes,
    imports::StoreImport,
    keeper::Keeping,
    lock::{Lock, holder, served},
    people::{Added, Origin},
    rows::Rows,
    samples::Samples,
    soundness::{About, about, sqlite_version},
    watching::Watch,
};
use self::{
    facts::Changing,
    reader::Ask,
    threads::Threads,
    writer::{Work, work},
};
use crate::{
    directory::{
        BeginImport, Directory, Edit, EditId, Edited, Error, History, ImportProgress,
        ImportRefused, Listing, NewUser, OnExisting, PageToken, Position, Revision, Selection,
        User, UserId, Watching,
    },
    failure::Failure,
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
    pub fn open(lock: &Lock, keeping: Keeping) -> Result<Self, Failure> {
        Ok(Self(Arc::new(Threads::start(lock, keeping, false)?)))
    }

    /// Opens it as [`Store::open`] does, for lists that search and sort too: all that they are found
    /// by is read into memory first. Looking up one user, and everybody by id, do not wait for that.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_to_find(lock: &Lock, keeping: Keeping) -> Result<Self, Failure> {
        Ok(Self(Arc::new(Threads::start(lock, keeping, true)?)))
    }

    /// Has people added, together with what else waits to be written. Blocks while the writer's
    /// queue is full; not to be called from asynchronous code.
    ///
    /// # Errors
    /// The writer is gone.
    pub fn add(&self, people: Vec<NewUser>, origin: Origin) -> Result<Pending<Added>, Error> {
        self.write(move |changing| {
            people::add(changing, people.clone(), origin, OnExisting::Refuse)
        })
    }

    /// Has at most so many samples removed; answers how many that were. Blocks like
    /// [`Store::add`].
    ///
    /// # Errors
    /// The writer is gone.
    pub fn remove_samples(&self, most: usize) -> Result<Pending<usize>, Error> {
        self.write(move |changing| people::remove_samples(changing, most))
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
        change: impl FnMut(&mut Changing<'_>) -> rusqlite::Result<T> + Send + 'static,
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
        change: impl FnMut(&mut Changing<'_>) -> rusqlite::Result<T> + Send + 'static,
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
    fn reader(&self) -> &mpsc::Sender<Ask> {
        let turn = self.0.next.fetch_add(1, Ordering::Relaxed);
        &self.0.readers[turn % self.0.readers.len()]
    }

    async fn ask<T>(&self, ask: impl FnOnce(reader::Reply<T>) -> Ask) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        self.reader()
            .try_send(ask(reply))
            .map_err(|error| not_taken(&error))?;
        answer.await.unwrap_or(Err(Error::ShuttingDown))
    }

    fn finders(&self) -> Result<&mpsc::Sender<finder::Ask>, Error> {
        let unopened = || Error::Internal("the directory was not opened to find anybody".into());
        self.0.finders.as_ref().ok_or_else(unopened)
    }

    async fn find(&self, selection: Selection) -> Result<Listing<FoundRows>, Error> {
        let (reply, answer) = oneshot::channel();
        self.finders()?
            .try_send(finder::Ask::Begin(selection, reply))
            .map_err(|error| not_taken(&error))?;
        let begun = answer.await.unwrap_or(Err(Error::ShuttingDown))?;
        Ok(Listing {
            total: begun.total,
            revision: begun.revision,
            next: begun.next,
            rows: finder::rows(self.clone(), begun.batch),
        })
    }
}

fn not_taken<T>(error: &mpsc::error::TrySendError<T>) -> Error {
    match error {
        mpsc::error::TrySendError::Full(_) => Error::Busy,
        mpsc::error::TrySendError::Closed(_) => Error::ShuttingDown,
    }
}

impl Directory for Store {
    type Rows = Either<Rows, FoundRows>;
    type Watch = Watch;
    type Changes = Changes;

    async fn user(&self, id: UserId) -> Result<Option<User>, Error> {
        self.ask(|reply| Ask::User(id, reply)).await
    }

    async fn edit(&self, edit: Edit, id: Option<EditId>) -> Edited<User> {
        let keep = self.0.keeping.bin;
        self.change(move |changing| requests::edit(changing, &edit, id.as_ref(), keep))
            .await
    }

    type Import = StoreImport;

    async fn import(
        &self,
        begin: BeginImport,
    ) -> Edited<(StoreImport, ImportProgress), ImportRefused> {
        imports::begin(self, begin).await
    }

    async fn list(&self, selection: Selection) -> Result<Listing<Self::Rows>, Error> {
        if !selection.is_plain() {
            return self.find(selection).await.map(|found| Listing {
                total: found.total,
                revision: found.revision,
                next: found.next,
                rows: Either::Right(found.rows),
            });
        }
        let part = selection.part.clone();
        let beginning = self.ask(|reply| Ask::List(part, reply)).await?;
        let token = |id| {
            let key = Vec::new();
            PageToken::new(&selection, &Position { key, id })
        };
        let rows = Rows::new(self.clone(), beginning.users, beginning.rest);
        Ok(Listing {
            total: beginning.total,
            revision: beginning.revision,
            next: beginning.last.map(token),
            rows: Either::Left(rows),
        })
    }

    async fn watch(&self, from: Option<Revision>) -> Result<Watching<Watch>, Error> {
        let mut head = self.0.live.now();
        let from = from.unwrap_or(head.revision);
        if from > head.revision {
            // Who has just read the tables may know of a commit that is not told of yet.
            head = self.ask(Ask::Head).await?;
            if from > head.revision {
                return Err(Error::NotThatFar {
                    newest: head.revision,
                    oldest: head.oldest,
                });
            }
        }
        // What the record has lost may still be among the newest.
        if from.0 + 1 < head.oldest.0 && self.0.live.after(from, 1).is_empty() {
            return Err(Error::TooFarBack {
                oldest: head.oldest,
            });
        }
        Ok(Watching {
            from,
            head: head.revision,
            news: Watch::new(self.clone(), from),
        })
    }

    fn changes(&self, history: History) -> Changes {
        Changes::new(self.clone(), history)
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
