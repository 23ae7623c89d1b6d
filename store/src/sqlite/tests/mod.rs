//! The store as a directory, and what it does not open.

mod commands;
mod context;
mod full_disk;
mod group_commit;
mod opening;
mod retention;
mod search;
mod users;
mod watch;
mod watch_model;

use std::{fs, future::poll_fn, path::Path, pin::Pin};

use frontdesk_directory::{
    Actor, Change, ChangeKind, ChangeLogQuery, ChangeStream, Command, CommandResult, Cursor,
    Directory, Email, Error, IdempotencyKey, Import, ImportProgress, ImportRejection, ListParams,
    ListQuery, Name, NewUser, OnExisting, Rejection, RequestContext, Revision, StartImport,
    Timestamp, User, UserId, UserList,
};
use futures_util::Stream;
use rusqlite::Connection;

use super::{testing::Folder, transaction::WriteTransaction, *};
use crate::{OpenError, RetentionPolicy, Samples};

fn open(folder: &Folder) -> Result<Store, OpenError> {
    open_with(folder, RetentionPolicy::default())
}

fn open_with(folder: &Folder, policy: RetentionPolicy) -> Result<Store, OpenError> {
    Store::open_searchable(&Lock::acquire(folder.path(), "test")?, policy)
}

fn new_store(folder: &Folder) -> Store {
    open(folder).unwrap_or_else(|error| panic!("{error}"))
}

/// The port's methods, called by the local operator.
impl Store {
    async fn user(&self, id: UserId) -> Result<Option<User>, Error> {
        Directory::user(self, &RequestContext::local(), id).await
    }

    async fn execute(&self, command: Command, key: Option<IdempotencyKey>) -> CommandResult<User> {
        Directory::execute(self, &RequestContext::local(), command, key).await
    }

    async fn list(&self, query: ListQuery) -> Result<UserList, Error> {
        Directory::list(self, &RequestContext::local(), query).await
    }

    async fn watch(&self, after: Option<Revision>) -> Result<frontdesk_directory::Watch, Error> {
        Directory::watch(self, &RequestContext::local(), after).await
    }

    fn changes(&self, query: ChangeLogQuery) -> ChangeStream {
        Directory::changes(self, &RequestContext::local(), query)
    }

    async fn import(
        &self,
        start: StartImport,
    ) -> CommandResult<(Box<dyn Import>, ImportProgress), ImportRejection> {
        Directory::import(self, &RequestContext::local(), start).await
    }

    /// Runs work in a transaction of the writer.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut WriteTransaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let response = self.0.queue_blocking(work).expect("the writer runs");
        response.blocking_recv().expect("a response")
    }
}

fn new_user(name: &str, email: &str) -> NewUser {
    NewUser {
        name: Name::parse(name).expect("a name"),
        email: Email::parse(email).expect("an email"),
    }
}

fn user_id(number: i32) -> UserId {
    UserId::new(number).expect("an id")
}

fn create(name: &str, email: &str) -> Command {
    let NewUser { name, email } = new_user(name, email);
    Command::Create { name, email }
}

fn rename(id: UserId, name: &str, expected: Option<Revision>) -> Command {
    Command::Update {
        id,
        name: Some(Name::parse(name).expect("a name")),
        email: None,
        expected,
    }
}

fn delete(id: UserId) -> Command {
    Command::Delete { id, expected: None }
}

fn restore(id: UserId) -> Command {
    Command::Restore { id, expected: None }
}

fn execute(store: &Store, command: Command) -> Result<User, Rejection> {
    block_on(store.execute(command, None)).expect("a response")
}

fn execute_with_key(store: &Store, command: Command, key: &str) -> Result<User, Rejection> {
    let key = IdempotencyKey::parse(key).expect("a key");
    block_on(store.execute(command, key)).expect("a response")
}

fn add(store: &Store, users: Vec<NewUser>, origin: Origin) -> Added {
    let pending = store.add_users(users, origin).expect("the writer runs");
    pending.wait().expect("added")
}

fn remove_samples(store: &Store, limit: usize) -> usize {
    let removed = store.remove_samples(limit).and_then(Pending::wait);
    removed.expect("removed")
}

fn now() -> Timestamp {
    Timestamp::from(std::time::SystemTime::now())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

/// The next item of a stream; `None` after its end.
async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

/// Total and ids of a list, and the length of each batch.
fn list(store: &Store, page: i32, page_size: i32) -> (u64, Vec<i32>, Vec<usize>) {
    block_on(async {
        let params = ListParams {
            page,
            page_size,
            ..ListParams::default()
        };
        let query = params.parse().expect("a query");
        let mut list = store.list(query).await.expect("a list");
        let (mut ids, mut batches) = (Vec::new(), Vec::new());
        while let Some(batch) = next(&mut list.users).await {
            let batch = batch.expect("a batch");
            batches.push(batch.len());
            ids.extend(batch.iter().map(|user| user.id.get()));
        }
        (list.total, ids, batches)
    })
}

fn database(folder: &Folder) -> Connection {
    Connection::open(folder.path().join(FILE)).expect("the database")
}

/// The number of users: as stored, as the sum of the blocks, and as counted.
fn counts(folder: &Folder) -> [i64; 3] {
    let db = database(folder);
    let count = |sql| db.query_row(sql, [], |row| row.get(0)).expect("a count");
    [
        count("SELECT total FROM directory"),
        count("SELECT coalesce(sum(users), 0) FROM block_counts"),
        count("SELECT count(*) FROM users"),
    ]
}
