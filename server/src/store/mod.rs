//! The tables: users in one `SQLite` database, `frontdesk.db`. Only this room knows SQL.
//!
//! One thread writes and commits what has queued up together; a few threads read, each over a
//! connection of its own. All queues are bounded.

mod edits;
mod error;
mod export;
mod facts;
mod imports;
mod live;
mod lock;
mod open;
mod people;
mod reader;
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
mod writer;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::sync::{Semaphore, mpsc, oneshot};

pub use self::{
    export::{check, export, is_a_directorys, is_there},
    imports::StoreImport,
    lock::{Lock, holder, served},
    people::{Added, Origin},
    rows::Rows,
    samples::Samples,
    soundness::{About, about, sqlite_version},
};
use self::{
    facts::{Changing, Facts},
    live::Live,
    reader::Ask,
    writer::{Work, work},
};
use crate::{
    directory::{
        BeginImport, Directory, Edit, EditId, Edited, Error, ImportProgress, ImportRefused,
        Listing, NewUser, OnExisting, Selection, User, UserId,
    },
    failure::Failure,
};

const FILE: &str = "frontdesk.db";
/// How long somebody is kept in the bin, where nothing is said.
const KEEP_IN_BIN: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// More readers than this do not read faster.
const MOST_READERS: usize = 4;

/// The directory in a data folder. Cloning is shallow: an atomic increment.
///
/// When the last clone is dropped (a list that is being read holds one), the readers and the
/// writer end what they are at, the WAL goes back into the database and the folder is free. The
/// drop waits for that, some milliseconds as a rule.
#[derive(Clone)]
pub struct Store(Arc<Threads>);

struct Threads {
    live: Arc<Live>,
    /// The database, for those who read it over a connection of their own.
    path: PathBuf,
    dry_runs: Arc<Semaphore>,
    keeping: Keeping,
    readers: Vec<mpsc::Sender<Ask>>,
    next: AtomicUsize,
    writer: Option<mpsc::Sender<Work>>,
    reading: Vec<thread::JoinHandle<()>>,
    writing: Option<thread::JoinHandle<()>>,
    /// Dropped last: the folder is held for as long as somebody may write.
    _lock: Lock,
}

/// How long what is gone is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// How long a deleted user can be restored.
    pub bin: Duration,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { bin: KEEP_IN_BIN }
    }
}

impl Store {
    /// Opens the directory in the folder that `lock` holds; a new one is made and furnished.
    ///
    /// # Errors
    /// The database is damaged, newer than this Frontdesk or not Frontdesk's; it is as it was.
    pub fn open(lock: &Lock, keeping: Keeping) -> Result<Self, Failure> {
        let path = lock.data().join(FILE);
        let unstarted = |error| Failure::broken(format!("a thread can't be started: {error}"));
        let db = open::writer(&path)?;
        let facts = Facts::read(&db).map_err(|error| open::refusal(&path, &error))?;
        let live = Arc::new(Live::new(&facts));
        let (writer, writing) = writer::start(db, Arc::clone(&live)).map_err(unstarted)?;
        let mut threads = Threads {
            live,
            path: path.clone(),
            dry_runs: Arc::new(Semaphore::new(imports::MOST_DRY_RUNS)),
            keeping,
            readers: Vec::new(),
            next: AtomicUsize::new(0),
            writer: Some(writer),
            reading: Vec::new(),
            writing: Some(writing),
            _lock: lock.clone(),
        };
        let readers = thread::available_parallelism()
            .map_or(1, usize::from)
            .min(MOST_READERS);
        for number in 0..readers {
            let db = open::reader(&path, readers)?;
            let (reader, reading) = reader::start(number, db).map_err(unstarted)?;
            threads.readers.push(reader);
            threads.reading.push(reading);
        }
        Ok(Self(Arc::new(threads)))
    }

    /// Has people added, together with what else waits to be written. Blocks while the writer's
    /// queue is full; not to be called from asynchronous code.
    ///
    /// # Errors
    /// The writer is gone.
    pub fn add(&self, people: Vec<NewUser>, origin: Origin) -> Result<Pending<Added>, Error> {
        self.write(move |changing| people::add(changing, people, origin, OnExisting::Refuse))
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
        change: impl FnOnce(&mut Changing<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<Pending<T>, Error> {
        let (work, answer) = work(change);
        self.writer()?
            .blocking_send(work)
            .map_err(|_| Error::ShuttingDown)?;
        Ok(Pending(answer))
    }

    /// Waits while the writer's queue is full. What has been given to it is done, even where
    /// nobody waits for the answer any more.
    async fn change<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Changing<'_>) -> rusqlite::Result<T> + Send + 'static,
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
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => Error::Busy,
                mpsc::error::TrySendError::Closed(_) => Error::ShuttingDown,
            })?;
        answer.await.unwrap_or(Err(Error::ShuttingDown))
    }
}

impl Directory for Store {
    type Rows = Rows;

    async fn user(&self, id: UserId) -> Result<Option<User>, Error> {
        self.ask(|reply| Ask::User(id, reply)).await
    }

    async fn edit(&self, edit: Edit, id: Option<EditId>) -> Edited<User> {
        let keep = self.0.keeping.bin;
        self.change(move |changing| requests::edit(changing, edit, id.as_ref(), keep))
            .await
    }

    type Import = StoreImport;

    async fn import(
        &self,
        begin: BeginImport,
    ) -> Edited<(StoreImport, ImportProgress), ImportRefused> {
        imports::begin(self, begin).await
    }

    async fn list(&self, selection: Selection) -> Result<Listing<Rows>, Error> {
        let beginning = self.ask(|reply| Ask::List(selection, reply)).await?;
        Ok(Listing {
            total: beginning.total,
            revision: beginning.revision,
            rows: Rows::new(self.clone(), beginning.users, beginning.rest),
        })
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.readers.clear();
        for reader in self.reading.drain(..) {
            finish(reader);
        }
        // After the readers: the last connection that closes takes the WAL with it.
        self.writer = None;
        if let Some(writer) = self.writing.take() {
            finish(writer);
        }
    }
}

fn finish(thread: thread::JoinHandle<()>) {
    if thread.join().is_err() {
        tracing::error!("a thread of the store had panicked");
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
