//! The port between the services and the stores.

use std::sync::Arc;

use async_trait::async_trait;
use futures_core::{future::BoxFuture, stream::BoxStream};

use crate::{
    BatchResult, Change, ChangeLogQuery, Command, CommandResult, Cursor, Error, IdempotencyKey,
    ImportBatch, ImportProgress, ImportRejection, ListQuery, RequestContext, Revision, StartImport,
    User, UserId,
};

/// Users in list order, in batches of at most a few thousand. One batch is read ahead: if the consumer
/// stops, so does the reading.
pub type UserStream = BoxStream<'static, Result<Vec<User>, Error>>;

/// Changes in the order of their revisions, each once and without a gap, in batches. The stream
/// does not end by itself. A slow reader holds only a position: the stream ends with
/// [`Error::RevisionTooOld`] when the change log no longer reaches back to it.
pub type WatchStream = BoxStream<'static, Result<Vec<Arc<Change>>, Error>>;

/// Changes from the change log in batches, newest first.
pub type ChangeStream = BoxStream<'static, Result<Vec<Change>, Error>>;

/// Resolves when a batch is on disk. The batch may be written even if this future is dropped.
pub type PendingBatch = BoxFuture<'static, CommandResult<BatchResult, ImportRejection>>;

/// A directory of users: what the services call and the stores implement.
///
/// Lookups and lists fail with [`Error::Busy`] rather than wait for a full queue. Commands and import
/// batches wait; those whose deadline passes while they wait are not executed and fail with
/// [`Error::DeadlineExceeded`].
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// Returns the user with this id; `None` for an unknown user and for one in the trash.
    async fn user(&self, context: &RequestContext, id: UserId) -> Result<Option<User>, Error>;

    /// Executes a command and returns the resulting user once it is on disk.
    ///
    /// A command whose key was used within the last 24 hours changes nothing and returns what the
    /// first one returned.
    async fn execute(
        &self,
        context: &RequestContext,
        command: Command,
        key: Option<IdempotencyKey>,
    ) -> CommandResult<User>;

    /// Returns the users that a query selects, with the totals at the time when reading began.
    async fn list(&self, context: &RequestContext, query: ListQuery) -> Result<UserList, Error>;

    /// Watches every change after a revision; after the newest one if it is `None`.
    ///
    /// # Errors
    /// [`Error::RevisionTooOld`] or [`Error::RevisionTooNew`]: the client has to list again.
    async fn watch(
        &self,
        context: &RequestContext,
        after: Option<Revision>,
    ) -> Result<Watch, Error>;

    /// Reads the change log backwards.
    fn changes(&self, context: &RequestContext, query: ChangeLogQuery) -> ChangeStream;

    /// Starts an import, or resumes one that was started within the last 24 hours.
    async fn import(
        &self,
        context: &RequestContext,
        start: StartImport,
    ) -> CommandResult<(Box<dyn Import>, ImportProgress), ImportRejection>;
}

/// An import in progress.
#[async_trait]
pub trait Import: Send {
    /// Queues the next batch; waits while too many batches are queued. Batches are written in the
    /// order in which they were queued. A batch that was written before is not written again: its
    /// first result is returned.
    async fn write(&mut self, batch: ImportBatch) -> Result<PendingBatch, Error>;
}

/// The result of [`Directory::list`].
pub struct UserList {
    /// The number of users that the query selects, whatever range of them is read.
    pub total: u64,
    /// The revision of the directory when reading began: a watch from there misses nothing.
    pub revision: Revision,
    /// The position after the last user of a page, unless it is the last page.
    pub next: Option<Cursor>,
    /// The users.
    pub users: UserStream,
}

/// The result of [`Directory::watch`].
pub struct Watch {
    /// The changes begin after this revision.
    pub after: Revision,
    /// The revision of the directory when the watch began.
    pub head: Revision,
    /// The changes.
    pub changes: WatchStream,
}
