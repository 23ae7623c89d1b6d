//! The readers: threads that each read over their own connection.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use frontdesk_directory::{
    Change, ChangeLogQuery, Cursor, Error, ListRange, Revision, User, UserId,
};
use rusqlite::{Connection, OptionalExtension, Statement, params};
use tokio::sync::mpsc;

use super::{
    block_counts,
    change_log::StoredChanges,
    error::{missing_users, read_error},
    list::{ListBatch, ListStart},
    metadata::Metadata,
    row::{columns, user},
    thread::spawn,
};
use crate::{
    feed::{ChangeLog as _, Head},
    reply::Reply,
};

/// The maximum number of requests queued for one reader.
const QUEUE: usize = 1_024;
/// The maximum number of requests handled in one transaction.
const GROUP: usize = 64;
/// The number of users in a batch of a list.
const BATCH: u32 = 1_000;

pub(super) enum ReadRequest {
    User(UserId, Reply<Option<User>>),
    /// A list of the whole directory by id, from its start.
    List(ListRange, Reply<ListStart<Rest>>),
    /// The next batch of a list.
    Next(Rest, Reply<ListBatch<Rest>>),
    /// The revision of the tables, and the oldest one in the change log.
    Head(Reply<Head>),
    /// Changes after a revision, oldest first, up to a limit.
    ChangesAfter(Revision, usize, Reply<Vec<Arc<Change>>>),
    /// Changes, newest first, up to a limit.
    ChangesBefore(ChangeLogQuery, usize, Reply<Vec<Change>>),
}

/// What is left of a list: the ids after `after`, up to and including `last`. Users that are created
/// while a list is read are not on it: its total was reported at its start.
#[derive(Clone, Copy)]
pub(super) struct Rest {
    after: i64,
    last: i64,
    /// The expected number of users, as counted at `revision`.
    users: i64,
    revision: i64,
}

impl Rest {
    /// What is left after these users; `None` if the list ends with them.
    fn after(self, users: &[User]) -> Option<Self> {
        let after = i64::from(users.last()?.id.get());
        let rest = Self {
            after,
            users: self.users - i64::try_from(users.len()).unwrap_or(i64::MAX),
            ..self
        };
        (users.len() == BATCH as usize && after < self.last).then_some(rest)
    }
}

/// The readers of a store. They end when this is dropped.
pub(super) struct Readers {
    senders: Vec<mpsc::Sender<ReadRequest>>,
    next: AtomicUsize,
}

impl Readers {
    pub(super) fn start(
        connections: Vec<Connection>,
        trash_retention: Duration,
    ) -> io::Result<(Self, Vec<thread::JoinHandle<()>>)> {
        let start = |(number, db)| start(number, db, trash_retention);
        let started = connections.into_iter().enumerate().map(start);
        let (senders, threads) = started.collect::<io::Result<Vec<_>>>()?.into_iter().unzip();
        let next = AtomicUsize::new(0);
        Ok((Self { senders, next }, threads))
    }

    /// One of the readers, in turn.
    pub(super) fn sender(&self) -> &mpsc::Sender<ReadRequest> {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        &self.senders[next % self.senders.len()]
    }
}

fn start(
    number: usize,
    db: Connection,
    trash_retention: Duration,
) -> io::Result<(mpsc::Sender<ReadRequest>, thread::JoinHandle<()>)> {
    let (sender, queue) = mpsc::channel(QUEUE);
    let (ready, started) = std::sync::mpsc::sync_channel(1);
    let thread = spawn(format!("store-reader-{number}"), move || {
        let statements = Statements::prepare(&db);
        match statements {
            Ok(statements) => {
                ready.send(Ok(())).ok();
                let reader = Reader {
                    db: &db,
                    statements,
                    trash_retention,
                };
                reader.run(queue);
            }
            Err(error) => {
                ready.send(Err(error)).ok();
            }
        }
    })?;
    match started.recv() {
        Ok(Ok(())) => Ok((sender, thread)),
        Ok(Err(error)) => Err(io::Error::other(error)),
        Err(error) => Err(io::Error::other(error)),
    }
}

struct Reader<'db> {
    db: &'db Connection,
    statements: Statements<'db>,
    trash_retention: Duration,
}

impl Reader<'_> {
    fn run(mut self, mut queue: mpsc::Receiver<ReadRequest>) {
        let mut group = Vec::with_capacity(GROUP);
        while queue.blocking_recv_many(&mut group, GROUP) > 0 {
            // One transaction for all queued requests: beginning and ending one costs as much as
            // looking up a user. It begins after the requests were queued, so no response is older
            // than its request.
            let began = self.statements.begin.execute([]);
            for request in group.drain(..) {
                self.handle(request);
            }
            // Without a transaction each response is still consistent in itself.
            let ended = began.and_then(|_| self.statements.end.execute([]));
            if let Err(error) = ended {
                tracing::warn!(%error, "a read transaction failed");
            }
        }
    }

    fn handle(&mut self, request: ReadRequest) {
        let changes = StoredChanges {
            db: self.db,
            trash_retention: self.trash_retention,
        };
        match request {
            ReadRequest::User(id, reply) => send(reply, || self.statements.user(id)),
            ReadRequest::List(range, reply) => send(reply, || self.list(&range)),
            ReadRequest::Next(rest, reply) => send(reply, || self.statements.next(rest)),
            ReadRequest::Head(reply) => send(reply, || Ok(Metadata::read(self.db)?.head())),
            ReadRequest::ChangesAfter(revision, limit, reply) => {
                if !reply.is_closed() {
                    reply.send(changes.read_after(revision, limit));
                }
            }
            ReadRequest::ChangesBefore(query, limit, reply) => {
                send(reply, || changes.before(query, limit));
            }
        }
    }

    fn list(&mut self, range: &ListRange) -> rusqlite::Result<ListStart<Rest>> {
        let metadata = Metadata::read(self.db)?;
        let total = metadata.total.unsigned_abs();
        let mut is_last = true;
        let batch = match range {
            ListRange::All => self.statements.next(Rest {
                after: 0,
                last: metadata.last_id.into(),
                users: metadata.total,
                revision: metadata.revision,
            })?,
            ListRange::Page(page) => {
                is_last = page.offset() + u64::from(page.size()) >= total;
                let users = match block_counts::seek(self.db, page.offset())? {
                    Some((after, offset)) => read_page(self.db, after, offset, page.size())?,
                    None => Vec::new(),
                };
                ListBatch { users, rest: None }
            }
            ListRange::After(cursor, size) => {
                // One user more than the page has, to detect whether it is the last page.
                let mut users = read_page(self.db, cursor.id.get().into(), 0, size + 1)?;
                is_last = users.len() <= *size as usize;
                users.truncate(*size as usize);
                ListBatch { users, rest: None }
            }
        };
        let last = batch.users.last().filter(|_| !is_last);
        Ok(ListStart {
            total,
            revision: Revision(metadata.revision.unsigned_abs()),
            next: last.map(|user| Cursor {
                key: Vec::new(),
                id: user.id,
            }),
            batch,
        })
    }
}

fn send<T>(reply: Reply<T>, read: impl FnOnce() -> rusqlite::Result<T>) {
    if !reply.is_closed() {
        let response: Result<T, Error> = read().map_err(|error| read_error(&error));
        reply.send(response);
    }
}

/// The most frequent statements, prepared once.
struct Statements<'db> {
    begin: Statement<'db>,
    end: Statement<'db>,
    user: Statement<'db>,
    next: Statement<'db>,
    revision: Statement<'db>,
}

impl<'db> Statements<'db> {
    fn prepare(db: &'db Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            begin: db.prepare("BEGIN")?,
            end: db.prepare("COMMIT")?,
            user: db.prepare(concat!("SELECT ", columns!(), " FROM users WHERE id = ?1"))?,
            next: db.prepare(concat!(
                "SELECT ",
                columns!(),
                " FROM users WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3"
            ))?,
            revision: db.prepare("SELECT revision FROM directory")?,
        })
    }

    fn user(&mut self, id: UserId) -> rusqlite::Result<Option<User>> {
        self.user.query_row([id.get()], user).optional()
    }

    fn next(&mut self, list: Rest) -> rusqlite::Result<ListBatch<Rest>> {
        let mut users = Vec::with_capacity(BATCH as usize);
        let mut rows = self.next.query(params![list.after, list.last, BATCH])?;
        while let Some(row) = rows.next()? {
            users.push(user(row)?);
        }
        drop(rows);
        let rest = list.after(&users);
        // A damaged table may end early without an error from SQLite. If it was changed since, the
        // count proves nothing.
        let missing = list.users - i64::try_from(users.len()).unwrap_or(i64::MAX);
        if rest.is_none()
            && missing > 0
            && self.revision.query_row([], |row| row.get(0)) == Ok(list.revision)
        {
            return Err(missing_users(missing));
        }
        Ok(ListBatch { users, rest })
    }
}

/// `size` users after an id, without the first `offset`.
fn read_page(db: &Connection, after: i64, offset: u32, size: u32) -> rusqlite::Result<Vec<User>> {
    let mut find = db.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM users WHERE id > ?1 ORDER BY id LIMIT ?2 OFFSET ?3"
    ))?;
    find.query_map(params![after, size, offset], user)?
        .collect()
}
