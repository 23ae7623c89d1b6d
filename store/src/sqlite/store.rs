//! The store: the directory in a data directory.

use std::sync::Arc;

use async_trait::async_trait;
use frontdesk_directory::{
    ChangeLogQuery, ChangeStream, Command, CommandResult, Directory, Error, IdempotencyKey, Import,
    ImportProgress, ImportRejection, ListQuery, NewUser, RequestContext, Revision, StartImport,
    User, UserId, UserList, Watch,
};
use tokio::sync::mpsc;

use super::{
    bulk::{self, Added, Origin},
    change_stream::change_stream,
    import,
    list::ListBatch,
    lock::Lock,
    reader::{ReadRequest, Rest},
    searcher,
    shared::Shared,
    user_stream::{Remainder, user_list},
    watch::watch_stream,
};
use crate::{
    error::OpenError,
    reply::{Reply, Response, receive},
    retention::RetentionPolicy,
};

/// The directory in a data directory. Cloning is shallow.
///
/// When the last clone is dropped (a stream that is being read holds one), the threads finish their
/// current work, the WAL is copied back into the database and the folder is released. The drop waits
/// for that, usually a few milliseconds.
#[derive(Clone)]
pub struct Store(pub(super) Arc<Shared>);

impl Store {
    /// Opens the directory in the folder that `lock` holds; a new one is created and initialized.
    /// Only lists of the whole directory by id can be read.
    ///
    /// # Errors
    /// The database cannot be opened; it was not changed.
    pub fn open(lock: &Lock, policy: RetentionPolicy) -> Result<Self, OpenError> {
        Ok(Self(Arc::new(Shared::open(lock, policy, false)?)))
    }

    /// Like [`Store::open`], and builds a search index in memory: every list can be read, once the
    /// index is ready.
    ///
    /// # Errors
    /// Like [`Store::open`].
    pub fn open_searchable(lock: &Lock, policy: RetentionPolicy) -> Result<Self, OpenError> {
        Ok(Self(Arc::new(Shared::open(lock, policy, true)?)))
    }

    /// Adds users, in one commit with other queued work. Blocks while the writer's queue is full; not
    /// for asynchronous code.
    ///
    /// # Errors
    /// The store is shutting down.
    pub fn add_users(&self, users: Vec<NewUser>, origin: Origin) -> Result<Pending<Added>, Error> {
        let add = self
            .0
            .queue_blocking(move |transaction| bulk::add(transaction, users.clone(), origin));
        add.map(Pending)
    }

    /// Removes up to `limit` samples; returns how many were removed. Blocks like
    /// [`Store::add_users`].
    ///
    /// # Errors
    /// The store is shutting down.
    pub fn remove_samples(&self, limit: usize) -> Result<Pending<usize>, Error> {
        let remove = self
            .0
            .queue_blocking(move |transaction| bulk::remove_samples(transaction, limit));
        remove.map(Pending)
    }

    /// The last id that was assigned, 0 if none was, once all queued work is done.
    ///
    /// # Errors
    /// The store is shutting down.
    pub fn last_id(&self) -> Result<Pending<i32>, Error> {
        let read = self
            .0
            .queue_blocking(|transaction| Ok(transaction.metadata().last_id));
        read.map(Pending)
    }

    async fn read<T>(&self, request: impl FnOnce(Reply<T>) -> ReadRequest) -> Result<T, Error> {
        call(self.0.reader()?, request).await
    }
}

/// Sends a request to a queue and waits for the response; [`Error::Busy`] if the queue is full.
async fn call<R, T>(
    queue: &mpsc::Sender<R>,
    request: impl FnOnce(Reply<T>) -> R,
) -> Result<T, Error> {
    let (reply, response) = Reply::new(None);
    queue
        .try_send(request(reply))
        .map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Error::Busy,
            mpsc::error::TrySendError::Closed(_) => Error::ShuttingDown,
        })?;
    receive(response).await
}

#[async_trait]
impl Directory for Store {
    async fn user(&self, _: &RequestContext, id: UserId) -> Result<Option<User>, Error> {
        self.read(|reply| ReadRequest::User(id, reply)).await
    }

    async fn execute(
        &self,
        context: &RequestContext,
        command: Command,
        key: Option<IdempotencyKey>,
    ) -> CommandResult<User> {
        let actor = context.caller.clone();
        let queued = self.0.queue(context, None, move |transaction| {
            transaction.decide(&actor, |rules| rules.execute(command.clone(), key.as_ref()))
        });
        receive(queued.await?).await
    }

    async fn import(
        &self,
        context: &RequestContext,
        start: StartImport,
    ) -> CommandResult<(Box<dyn Import>, ImportProgress), ImportRejection> {
        import::start(&self.0, context, start).await
    }

    async fn list(&self, _: &RequestContext, query: ListQuery) -> Result<UserList, Error> {
        if query.selects_all_by_id() {
            let list = self.read(|reply| ReadRequest::List(query.range, reply));
            return Ok(user_list(&self.0, list.await?));
        }
        let list = call(self.0.searcher()?, |reply| {
            searcher::ReadRequest::List(query, reply)
        });
        Ok(user_list(&self.0, list.await?))
    }

    async fn watch(&self, _: &RequestContext, after: Option<Revision>) -> Result<Watch, Error> {
        let mut head = *self.0.head.borrow();
        let after = after.unwrap_or(head.revision);
        if after > head.revision {
            // A client may have read a commit that was not published yet.
            head = self.read(ReadRequest::Head).await?;
            if after > head.revision {
                return Err(Error::RevisionTooNew {
                    newest: head.revision,
                    oldest: head.oldest,
                });
            }
        }
        // What was trimmed from the change log may still be among the recent changes.
        if after.0 + 1 < head.oldest.0 && self.0.recent.after(after, 1).is_empty() {
            return Err(Error::RevisionTooOld {
                oldest: head.oldest,
            });
        }
        Ok(Watch {
            after,
            head: head.revision,
            changes: watch_stream(Arc::clone(&self.0), after),
        })
    }

    fn changes(&self, _: &RequestContext, query: ChangeLogQuery) -> ChangeStream {
        change_stream(Arc::clone(&self.0), query)
    }
}

impl Remainder for Rest {
    type Request = ReadRequest;

    fn sender(shared: &Shared) -> Result<&mpsc::Sender<ReadRequest>, Error> {
        shared.reader()
    }

    fn request(self, reply: Reply<ListBatch<Self>>) -> ReadRequest {
        ReadRequest::Next(self, reply)
    }
}

impl Remainder for searcher::Rest {
    type Request = searcher::ReadRequest;

    fn sender(shared: &Shared) -> Result<&mpsc::Sender<searcher::ReadRequest>, Error> {
        shared.searcher()
    }

    fn request(self, reply: Reply<ListBatch<Self>>) -> searcher::ReadRequest {
        searcher::ReadRequest::Next(self, reply)
    }
}

/// A write that is queued.
#[derive(Debug)]
pub struct Pending<T>(Response<T>);

impl<T> Pending<T> {
    /// Blocks until it is on disk; not for asynchronous code.
    ///
    /// # Errors
    /// It failed, and nothing of it was stored.
    pub fn wait(self) -> Result<T, Error> {
        self.0.blocking_recv().unwrap_or(Err(Error::ShuttingDown))
    }
}
