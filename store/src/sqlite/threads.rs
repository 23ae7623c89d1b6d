//! The threads of a store: how they are started, and in which order they end.

use std::{
    fs::File,
    io,
    path::PathBuf,
    sync::{Arc, atomic::AtomicUsize},
    thread,
};

use tokio::sync::{Semaphore, mpsc};

use super::{
    FILE, Lock, RetentionPolicy,
    checkpointer::Checkpointer,
    imports,
    metadata::Metadata,
    open,
    prefetch::Permits,
    reader::{self, ReadRequest},
    recent_changes::RecentChanges,
    retention::{self, RetentionThread},
    searcher,
    writer::{self, Work},
};
use crate::failure::Failure;

/// More readers than this do not read faster.
const MOST_READERS: usize = 4;

/// How many batches of imports wait for the writer at most, of all imports together: more than one
/// import has under way, and no more than a single change may wait for.
const BATCHES: usize = 8;

/// The threads of a directory that is open, and what they share. Dropping it has them end what they
/// are at, and waits for that.
pub(super) struct Threads {
    pub(super) live: Arc<RecentChanges>,
    /// The database, for those who read it over a connection of their own.
    pub(super) path: PathBuf,
    pub(super) dry_runs: Arc<Semaphore>,
    /// For batches of imports that wait for the writer.
    pub(super) batches: Arc<Semaphore>,
    pub(super) keeping: RetentionPolicy,
    pub(super) turns: Permits,
    pub(super) readers: Vec<mpsc::Sender<ReadRequest>>,
    pub(super) next: AtomicUsize,
    pub(super) writer: Option<mpsc::Sender<Work>>,
    reading: Vec<thread::JoinHandle<()>>,
    writing: Vec<thread::JoinHandle<()>>,
    keeper: Option<RetentionThread>,
    /// Nothing where nobody is going to search.
    pub(super) finders: Option<mpsc::Sender<searcher::ReadRequest>>,
    finding: Vec<thread::JoinHandle<()>>,
    /// Closed when no connection is open any more.
    _database: Arc<File>,
    /// Dropped last: the folder is held for as long as somebody may write.
    _lock: Lock,
}

impl Threads {
    /// Opens the database and starts them; those that search only where it is `to_find`.
    pub(super) fn start(
        lock: &Lock,
        keeping: RetentionPolicy,
        to_find: bool,
    ) -> Result<Self, Failure> {
        let path = lock.data().join(FILE);
        let unstarted = |error| Failure::broken(format!("a thread can't be started: {error}"));
        let db = open::writer(&path, keeping.bytes)?;
        let facts = Metadata::read(&db).map_err(|error| open::refusal(&path, &error))?;
        let live = Arc::new(RecentChanges::new(&facts));
        if to_find {
            live.finding.want();
        }
        let database = open::file(&path)?;
        let (checkpointer, checkpointing) = Checkpointer::start(&path, Arc::clone(&database))?;
        let (writer, writing) =
            writer::start(db, Arc::clone(&live), checkpointer).map_err(unstarted)?;
        let readers = thread::available_parallelism()
            .map_or(1, usize::from)
            .min(MOST_READERS);
        let mut threads = Self {
            live,
            path: path.clone(),
            dry_runs: Arc::new(Semaphore::new(imports::MOST_DRY_RUNS)),
            batches: Arc::new(Semaphore::new(BATCHES)),
            keeping,
            turns: Permits::of(readers),
            readers: Vec::new(),
            next: AtomicUsize::new(0),
            writer: Some(writer),
            reading: Vec::new(),
            // It ends with the writer, who tells it when.
            writing: vec![writing, checkpointing],
            keeper: None,
            finders: None,
            finding: Vec::new(),
            _database: database,
            _lock: lock.clone(),
        };
        for number in 0..readers {
            let db = open::reader(&path, readers)?;
            let (reader, reading) = reader::start(number, db).map_err(unstarted)?;
            threads.readers.push(reader);
            threads.reading.push(reading);
        }
        if let Some(writer) = &threads.writer {
            threads.keeper = retention::start(keeping, writer.clone()).map_err(unstarted)?;
        }
        if to_find {
            let dbs = (0..readers).map(|_| open::reader(&path, readers));
            let dbs = dbs.collect::<Result<_, _>>()?;
            let (finders, finding) =
                searcher::start(dbs, &threads.live, keeping.bin).map_err(unstarted)?;
            threads.finders = Some(finders);
            threads.finding = finding;
        }
        Ok(threads)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.readers.clear();
        for reader in self.reading.drain(..) {
            finish(reader);
        }
        // It has a sender of the writer's.
        if let Some(keeper) = self.keeper.take() {
            finish(keeper.stop());
        }
        self.finders = None;
        // They may be waiting for what the writer is only about to make.
        self.live.finding.give_up();
        for finder in self.finding.drain(..) {
            finish(finder);
        }
        // After the readers: the last connection that closes takes the WAL with it.
        self.writer = None;
        for writer in self.writing.drain(..) {
            finish(writer);
        }
    }
}

/// Waits for a thread, which never ends by a panic.
fn finish(thread: thread::JoinHandle<()>) {
    let _well = thread.join();
}

/// Starts a thread of a store's. Where it panics the process ends: all who ask would be told for ever
/// that the server is going down, while it says of itself that it serves. What is on disk is whole
/// whenever that is, as after a kill.
pub(super) fn spawn(
    name: impl Into<String>,
    work: impl FnOnce() + Send + 'static,
) -> io::Result<thread::JoinHandle<()>> {
    struct EndsAll;

    impl Drop for EndsAll {
        fn drop(&mut self) {
            if thread::panicking() {
                // What it was has been printed by the hook.
                std::process::abort();
            }
        }
    }

    thread::Builder::new().name(name.into()).spawn(move || {
        let _where_it_panics = EndsAll;
        work();
    })
}
