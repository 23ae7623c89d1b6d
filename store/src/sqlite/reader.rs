//! The readers: threads that each look things up over a connection of their own.

use std::{io, sync::Arc, thread, time::Duration};

use rusqlite::{Connection, OptionalExtension, Statement, params};
use tokio::sync::{mpsc, oneshot};

use super::{
    block_counts,
    change_log::{self, After, Before},
    error::{internal, short},
    metadata::Metadata,
    prefetch::Permit,
    recent_changes::Head,
    row::{columns, user},
    threads::spawn,
};
use frontdesk_directory::{Change, Error, ListRange, Revision, User, UserId};

/// How many questions wait for one reader at most.
const QUEUE: usize = 1_024;
/// How many questions one transaction answers at most.
const GROUP: usize = 64;
/// How many rows a batch of a list has.
const BATCH: u32 = 1_000;

pub(super) type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// What a reader is asked.
pub(super) enum ReadRequest {
    /// One user.
    User(UserId, Reply<Option<User>>),
    /// A list of the whole directory by id, from its beginning.
    List(ListRange, Reply<Beginning>),
    /// How a list goes on.
    Next(Rest, Reply<Vec<User>>),
    /// How far the tables are.
    Head(Reply<Head>),
    /// How the record goes on; the time is how long somebody is in the bin.
    After(After, Duration, Reply<Vec<Arc<Change>>>, Permit),
    /// How it went before.
    Before(Before, Duration, Reply<Vec<Change>>, Permit),
}

/// How a list begins.
pub(super) struct Beginning {
    pub(super) total: u64,
    pub(super) revision: Revision,
    pub(super) users: Vec<User>,
    pub(super) rest: Option<Rest>,
    /// Of a page that is not the last: who it ends with.
    pub(super) last: Option<UserId>,
}

/// What is left of a list: the ids behind `after`, up to and with `last`. Who comes while a list
/// is read is not on it: its total was said at its beginning.
#[derive(Clone, Copy)]
pub(super) struct Rest {
    after: i64,
    last: i64,
    /// How many there must be.
    users: i64,
    /// When they were counted.
    revision: i64,
}

impl Rest {
    /// What is left when these users have been read.
    pub(super) fn behind(self, users: &[User]) -> Option<Self> {
        let after = i64::from(users.last()?.id.get());
        let read = Self {
            after,
            users: self.users - i64::try_from(users.len()).unwrap_or(i64::MAX),
            ..self
        };
        read.goes_on(users.len()).then_some(read)
    }

    /// Whether more comes behind so many that were just read.
    fn goes_on(self, read: usize) -> bool {
        read == BATCH as usize && self.after < self.last
    }
}

/// Starts a reader. It ends when the last sender is gone.
pub(super) fn start(
    number: usize,
    db: Connection,
) -> io::Result<(mpsc::Sender<ReadRequest>, thread::JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let (begun, beginning) = std::sync::mpsc::sync_channel(1);
    let thread = spawn(format!("store-reader-{number}"), move || {
        run(&db, receiver, &begun);
    })?;
    // A reader that can't begin must not be found out by those who ask it.
    match beginning.recv() {
        Ok(Ok(())) => Ok((sender, thread)),
        Ok(Err(error)) => Err(io::Error::other(error)),
        Err(_) => Err(io::Error::other("a reader ended before it began")),
    }
}

fn run(
    db: &Connection,
    mut queue: mpsc::Receiver<ReadRequest>,
    begun: &std::sync::mpsc::SyncSender<rusqlite::Result<()>>,
) {
    // Who starts a reader waits for this; it can't be gone.
    let mut statements = match Statements::prepare(db) {
        Ok(statements) => {
            let _ = begun.send(Ok(()));
            statements
        }
        Err(error) => {
            let _ = begun.send(Err(error));
            return;
        }
    };
    let mut group = Vec::with_capacity(GROUP);
    while queue.blocking_recv_many(&mut group, GROUP) > 0 {
        // One transaction for all that has queued up: to begin and end one costs as much as to
        // look a user up. It begins after they were asked, so none gets an answer that is older
        // than its question.
        let begun = statements.begin.execute([]);
        for ask in group.drain(..) {
            answer(db, &mut statements, ask);
        }
        // Without a transaction each answer was true in itself; nothing is lost.
        let ended = begun.and_then(|_| statements.end.execute([]));
        if let Err(error) = ended {
            tracing::warn!(%error, "a reading transaction failed");
        }
    }
}

fn answer(db: &Connection, statements: &mut Statements<'_>, ask: ReadRequest) {
    match ask {
        ReadRequest::User(id, reply) => send(reply, || statements.user(id)),
        ReadRequest::List(part, reply) => send(reply, || beginning(db, statements, &part)),
        ReadRequest::Next(rest, reply) => send(reply, || statements.next(rest)),
        ReadRequest::Head(reply) => send(reply, || Ok(Head::of(&Metadata::read(db)?))),
        ReadRequest::After(after, keep, reply, _turn) => after_it(db, after, keep, reply),
        ReadRequest::Before(before, keep, reply, _turn) => {
            send(reply, || change_log::before(db, before, keep));
        }
    }
}

fn send<T>(reply: Reply<T>, read: impl FnOnce() -> rusqlite::Result<T>) {
    if !reply.is_closed() {
        reply.send(read().map_err(|error| internal(&error))).ok();
    }
}

fn after_it(db: &Connection, after: After, keep: Duration, reply: Reply<Vec<Arc<Change>>>) {
    if reply.is_closed() {
        return;
    }
    let news = match change_log::after(db, after, keep) {
        Ok(Ok(changes)) => Ok(changes
            .into_iter()
            .map(|change| Arc::new(change.into()))
            .collect()),
        Ok(Err(oldest)) => Err(Error::RevisionTooOld { oldest }),
        Err(error) => Err(internal(&error)),
    };
    reply.send(news).ok();
}

fn beginning(
    db: &Connection,
    statements: &mut Statements<'_>,
    part: &ListRange,
) -> rusqlite::Result<Beginning> {
    let mut facts = db.prepare_cached("SELECT total, revision, last_id FROM directory")?;
    let (total, revision, last) = facts.query_row([], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get(2)?))
    })?;
    let mut last_of_page = None;
    let (users, rest) = match part {
        ListRange::All => {
            let all = Rest {
                after: 0,
                last,
                users: total,
                revision,
            };
            let users = statements.next(all)?;
            let rest = all.behind(&users);
            (users, rest)
        }
        ListRange::Page(page) => {
            let after = block_counts::seek(db, page.offset())?;
            let more = page.offset() + u64::from(page.size()) < total.unsigned_abs();
            let users = after.map_or(Ok(Vec::new()), |after| read_page(db, after, page.size()))?;
            last_of_page = users.last().filter(|_| more).map(|user| user.id);
            (users, None)
        }
        ListRange::After(position, size) => {
            // One more than the page has tells whether it is the last.
            let after = (i64::from(position.id.get()), 0);
            let mut users = read_page(db, after, size + 1)?;
            if users.len() > *size as usize {
                users.pop();
                last_of_page = users.last().map(|user| user.id);
            }
            (users, None)
        }
    };
    Ok(Beginning {
        total: total.unsigned_abs(),
        revision: Revision(revision.unsigned_abs()),
        users,
        rest,
        last: last_of_page,
    })
}

/// What is asked all the time, prepared once.
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

    fn next(&mut self, rest: Rest) -> rusqlite::Result<Vec<User>> {
        let mut users = Vec::with_capacity(BATCH as usize);
        let mut rows = self.next.query(params![rest.after, rest.last, BATCH])?;
        while let Some(row) = rows.next()? {
            users.push(user(row)?);
        }
        drop(rows);
        // A damaged table may end early without a word of SQLite's.
        let left = rest.behind(&users).map_or_else(
            || rest.users - i64::try_from(users.len()).unwrap_or(i64::MAX),
            |_| 0,
        );
        if left > 0 && self.revision.query_row([], |row| row.get(0)) == Ok(rest.revision) {
            return Err(short(left));
        }
        Ok(users)
    }
}

/// So many users behind an id and those that are passed over behind it.
fn read_page(db: &Connection, (after, skip): (i64, u32), size: u32) -> rusqlite::Result<Vec<User>> {
    let mut find = db.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM users WHERE id > ?1 ORDER BY id LIMIT ?2 OFFSET ?3"
    ))?;
    find.query_map(params![after, size, skip], user)?.collect()
}
