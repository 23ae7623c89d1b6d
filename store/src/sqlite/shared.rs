//! What a store and its streams share: the queues of its threads, and what the feed publishes.

use std::{
    fs::File,
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
};

use frontdesk_directory::{Error, RequestContext};
use rusqlite::Connection;
use tokio::sync::{mpsc, watch};

use super::{
    FILE,
    change_log::StoredChanges,
    checkpointer::Checkpointer,
    error::open_error,
    index_follower::IndexFollower,
    lock::Lock,
    metadata::Metadata,
    open,
    reader::{ReadRequest, Readers},
    search_index::SearchIndex,
    searcher,
    sweep::Sweeper,
    thread::join,
    transaction::WriteTransaction,
    writer::{self, Job, job},
};
use crate::{
    error::OpenError,
    feed::{Feed, Head},
    permits::{Permit, Permits},
    prefetch::Queue,
    recent_changes::{RecentChanges, RecentChangesFollower},
    reply::Response,
    retention::RetentionPolicy,
};

/// More readers do not increase throughput.
const MAX_READERS: usize = 4;
/// The maximum number of import batches that wait for the writer, of all imports together: more than
/// one import has in flight, and few enough that a single change does not wait long.
const IMPORT_BATCHES: usize = 8;
/// The maximum number of concurrent dry runs: each has a thread, a connection and a temporary file.
const DRY_RUNS: usize = 8;
/// The maximum number of change log reads per reader: one in progress and the next in the queue.
/// However many watchers catch up, looking up a user does not wait for all of them.
const CHANGE_LOG_READS: usize = 2;

/// Dropping it stops the threads after their current work, and waits for them.
pub(super) struct Shared {
    pub(super) path: PathBuf,
    pub(super) recent: Arc<RecentChanges>,
    pub(super) head: watch::Receiver<Head>,
    pub(super) import_batches: Permits,
    pub(super) dry_runs: Permits,
    change_log: Permits,
    index: Arc<SearchIndex>,
    readers: Option<Readers>,
    reader_threads: Vec<JoinHandle<()>>,
    sweeper: Option<Sweeper>,
    searchers: Option<mpsc::Sender<searcher::ReadRequest>>,
    searcher_threads: Vec<JoinHandle<()>>,
    writer: Option<mpsc::Sender<Job>>,
    writer_threads: Vec<JoinHandle<()>>,
    /// Closed after all connections.
    _database: Arc<File>,
    /// Released last: the folder stays locked as long as anything may write.
    _lock: Lock,
}

impl Shared {
    /// Opens the database and starts the threads; those that search only if it is `searchable`.
    pub(super) fn open(
        lock: &Lock,
        policy: RetentionPolicy,
        searchable: bool,
    ) -> Result<Self, OpenError> {
        let path = lock.folder().join(FILE);
        let db = open::writer(&path, policy.max_database_bytes)?;
        let metadata = Metadata::read(&db).map_err(|error| open_error(&path, &error))?;
        let (publish, head) = watch::channel(metadata.head());
        let recent = Arc::new(RecentChanges::default());
        let index = Arc::new(SearchIndex::default());
        if searchable {
            index.expect();
        }
        let database = open::file(&path)?;
        let (checkpointer, checkpointer_thread) =
            Checkpointer::start(&path, Arc::clone(&database))?;
        let feed = FeedParts {
            publish,
            recent: Arc::clone(&recent),
            index: searchable.then(|| Arc::clone(&index)),
            policy,
        };
        let (writer, writer_thread) =
            writer::start(db, policy.trash, checkpointer, |db| feed.start(db))
                .map_err(OpenError::Thread)?;
        let count = thread::available_parallelism()
            .map_or(1, usize::from)
            .min(MAX_READERS);
        let mut shared = Self {
            path,
            recent,
            head,
            import_batches: Permits::new(IMPORT_BATCHES),
            dry_runs: Permits::new(DRY_RUNS),
            change_log: Permits::new(CHANGE_LOG_READS * count),
            index,
            readers: None,
            reader_threads: Vec::new(),
            sweeper: None,
            searchers: None,
            searcher_threads: Vec::new(),
            writer: Some(writer.clone()),
            // The checkpointer ends when the writer drops its half.
            writer_threads: vec![writer_thread, checkpointer_thread],
            _database: database,
            _lock: lock.clone(),
        };
        let connections = || -> Result<Vec<_>, _> {
            (0..count)
                .map(|_| open::reader(&shared.path, count))
                .collect()
        };
        let (readers, searchers) = (connections()?, searchable.then(connections).transpose()?);
        let (readers, threads) =
            Readers::start(readers, policy.trash).map_err(OpenError::Thread)?;
        shared.readers = Some(readers);
        shared.reader_threads = threads;
        shared.sweeper = Sweeper::start(policy, writer).map_err(OpenError::Thread)?;
        if let Some(connections) = searchers {
            let (sender, threads) = searcher::start(connections, &shared.index, policy.trash)
                .map_err(OpenError::Thread)?;
            shared.searchers = Some(sender);
            shared.searcher_threads = threads;
        }
        Ok(shared)
    }

    /// Queues work for the writer. Waits while the queue is full. The work may be done even if the
    /// response is not awaited.
    pub(super) async fn queue<T: Send + 'static>(
        &self,
        context: &RequestContext,
        permit: Option<Permit>,
        work: impl FnMut(&mut WriteTransaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<Response<T>, Error> {
        let (job, response) = job(context.deadline, permit, work);
        let sent = self.writer()?.send(job).await;
        sent.map_err(|_| Error::ShuttingDown)?;
        Ok(response)
    }

    /// Like [`Shared::queue`], for callers that may block.
    pub(super) fn queue_blocking<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut WriteTransaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<Response<T>, Error> {
        let (job, response) = job(None, None, work);
        let sent = self.writer()?.blocking_send(job);
        sent.map_err(|_| Error::ShuttingDown)?;
        Ok(response)
    }

    pub(super) fn writer(&self) -> Result<&mpsc::Sender<Job>, Error> {
        self.writer.as_ref().ok_or(Error::ShuttingDown)
    }

    pub(super) fn reader(&self) -> Result<&mpsc::Sender<ReadRequest>, Error> {
        let readers = self.readers.as_ref();
        readers.map(Readers::sender).ok_or(Error::ShuttingDown)
    }

    /// The queue for reads of the change log.
    pub(super) fn change_log(&self) -> Result<Queue<'_, ReadRequest>, Error> {
        Ok(Queue {
            sender: self.reader()?,
            permits: Some(&self.change_log),
        })
    }

    pub(super) fn searcher(&self) -> Result<&mpsc::Sender<searcher::ReadRequest>, Error> {
        let missing = || Error::Internal("the store was opened without a search index".into());
        self.searchers.as_ref().ok_or_else(missing)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.readers = None;
        self.reader_threads.drain(..).for_each(join);
        // It holds a sender of the writer's queue.
        if let Some(sweeper) = self.sweeper.take() {
            join(sweeper.stop());
        }
        self.searchers = None;
        // Searches may be waiting for an index that is still being built.
        self.index.close();
        self.searcher_threads.drain(..).for_each(join);
        // The writer last: the last connection that closes removes the WAL.
        self.writer = None;
        self.writer_threads.drain(..).for_each(join);
    }
}

/// The parts from which the writer's thread builds its feed.
struct FeedParts {
    publish: watch::Sender<Head>,
    recent: Arc<RecentChanges>,
    index: Option<Arc<SearchIndex>>,
    policy: RetentionPolicy,
}

impl FeedParts {
    fn start(self, db: &Connection) -> Feed<'_> {
        let revision = self.publish.borrow().revision;
        let log = StoredChanges {
            db,
            trash_retention: self.policy.trash,
        };
        let mut feed = Feed::new(log, self.publish);
        if let Some(index) = self.index {
            feed.add(IndexFollower::start(db, index));
        }
        feed.add(RecentChangesFollower::new(self.recent, revision));
        feed
    }
}
