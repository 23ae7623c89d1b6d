//! The store as a directory, and what it refuses to open.

mod commands;
mod contents;
mod full;
mod group;
mod keeping;
mod model;
mod opening;
mod search;
mod watch;

use std::{fs, future::poll_fn, path::Path, pin::Pin};

use futures_core::Stream;
use rusqlite::Connection;

use super::{testing::Folder, *};
use frontdesk_directory::{Email, ListParams, Name};

fn open(folder: &Folder) -> Result<Store, Failure> {
    open_keeping(folder, RetentionPolicy::default())
}

fn open_keeping(folder: &Folder, keeping: RetentionPolicy) -> Result<Store, Failure> {
    Store::open_to_find(&Lock::take(folder.path(), "test")?, keeping)
}

fn fresh(folder: &Folder) -> Store {
    open(folder).unwrap_or_else(|failure| panic!("{failure}"))
}

fn person(name: &str, email: &str) -> NewUser {
    NewUser {
        name: Name::parse(name).expect("a name"),
        email: Email::parse(email).expect("an address"),
    }
}

fn add(store: &Store, people: Vec<NewUser>, origin: Origin) -> Added {
    let pending = store.add(people, origin).expect("the writer is there");
    pending.wait().expect("added")
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
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

/// Total and ids of a list, and how many users came in each batch.
fn list(store: &Store, page: i32, size: i32) -> (u64, Vec<i32>, Vec<usize>) {
    block_on(async {
        let wanted = ListParams {
            page,
            page_size: size,
            ..ListParams::default()
        };
        let selection = wanted.parse().expect("a selection");
        let mut listing = store.list(selection).await.expect("a list");
        let (mut ids, mut batches) = (Vec::new(), Vec::new());
        while let Some(batch) = poll_fn(|cx| Pin::new(&mut listing.users).poll_next(cx)).await {
            let batch = batch.expect("a batch");
            batches.push(batch.len());
            ids.extend(batch.iter().map(|user| user.id.get()));
        }
        (listing.total, ids, batches)
    })
}

/// The next of a stream; nothing where it has ended.
async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}

fn database(folder: &Folder) -> Connection {
    Connection::open(folder.path().join(FILE)).expect("the database")
}

/// The counts, as they are kept and as they are.
fn counts(folder: &Folder) -> [i64; 3] {
    let db = database(folder);
    let count = |sql| db.query_row(sql, [], |row| row.get(0)).expect("a count");
    [
        count("SELECT total FROM directory"),
        count("SELECT coalesce(sum(users), 0) FROM blocks"),
        count("SELECT count(*) FROM users"),
    ]
}
