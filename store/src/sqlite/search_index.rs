//! The store's search index: built from the tables, then kept up to date by the change feed.

use std::{
    ops::ControlFlow,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use frontdesk_directory::{Change, Error, Revision, SortField};
use frontdesk_search::{Index, IndexBuilder, OrderStatistics, Snapshot};
use rusqlite::{Connection, Row};

use super::{
    metadata::Metadata,
    open,
    order_scan::{ScanPosition, nth_entry},
};

/// The maximum number of changes that are applied while the index is locked. Snapshots wait for them.
const CHANGES_PER_LOCK: usize = 512;
/// The number of rows that are read between checks whether the index is still needed.
const ROWS_PER_CHECK: usize = 8_192;

/// Shared by the searchers, which take snapshots, and the change feed, which applies changes before
/// a write is acknowledged: a client finds what it has written.
#[derive(Debug, Default)]
pub(super) struct SearchIndex {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
enum State {
    /// The store was opened without an index.
    #[default]
    Unused,
    /// The writer builds the index before its first work.
    Pending,
    Ready(Box<Index>),
    /// The index could not be built.
    Failed,
    /// The store is shutting down.
    Closed,
}

impl SearchIndex {
    /// Announces that the index will be built: snapshots wait for it.
    pub(super) fn expect(&self) {
        *self.lock() = State::Pending;
    }

    /// Builds the index if it is expected.
    pub(super) fn build(&self, db: &Connection) {
        let is_pending = || matches!(*self.lock(), State::Pending);
        if !is_pending() {
            return;
        }
        let start = Instant::now();
        // Every page is read once: a large cache would only be filled.
        let built = match open::with_small_cache(db, || build(db, is_pending)) {
            Ok(index) => {
                let (revision, time) = (index.revision().0, start.elapsed());
                tracing::debug!(revision, ?time, "search index built");
                State::Ready(Box::new(index))
            }
            Err(error) => {
                tracing::error!(%error, "the search index could not be built: searches fail");
                State::Failed
            }
        };
        let mut state = self.lock();
        if matches!(*state, State::Pending) {
            *state = built;
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Fails all waits for the index.
    pub(super) fn close(&self) {
        *self.lock() = State::Closed;
        self.changed.notify_all();
    }

    /// The index as it is now. Waits while it is being built.
    pub(super) fn snapshot(&self) -> Result<Snapshot, Error> {
        let mut state = self.lock();
        loop {
            match &*state {
                State::Ready(index) => return Ok(index.snapshot()),
                State::Pending => {
                    let woken = self.changed.wait(state);
                    state = woken.unwrap_or_else(PoisonError::into_inner);
                }
                State::Closed => return Err(Error::ShuttingDown),
                State::Unused | State::Failed => {
                    return Err(Error::Internal("there is no search index".into()));
                }
            }
        }
    }

    /// The revision of the last change that was applied; `None` without an index.
    pub(super) fn revision(&self) -> Option<Revision> {
        self.with_index(|index| index.revision())
    }

    /// Applies changes, which the tables of `db` contain.
    pub(super) fn apply(&self, db: &Connection, changes: &[Arc<Change>]) {
        for changes in changes.chunks(CHANGES_PER_LOCK) {
            if self.with_index(|index| index.apply(changes)).is_none() {
                return;
            }
            // Waiting searches take their snapshots in between.
            thread::yield_now();
        }
        if let Err(error) = self.split_oversized_runs(db) {
            tracing::error!(%error, "the order statistics could not be refined: pages get slower");
        }
    }

    /// Splits runs of the order statistics that have become too long to find a page in them quickly.
    fn split_oversized_runs(&self, db: &Connection) -> rusqlite::Result<()> {
        while let Some(run) = self.with_index(|index| index.oversized_run()).flatten() {
            // While the feed catches up, the tables are ahead of the index, and its counts are not
            // theirs.
            if self.revision() != Some(revision(db)?) {
                break;
            }
            let (key, id) = &run.start;
            let from = ScanPosition::before(run.field, key, *id);
            let entry = nth_entry(db, run.field, &from, run.left)?;
            let split = |index: &mut Index| {
                entry.is_some_and(|entry| index.split_run(&run, &entry.key(), entry.id()))
            };
            if self.with_index(split) == Some(false) {
                tracing::warn!(field = ?run.field, "wrong order statistics are loaded again");
                let order = load_order(db, run.field)?;
                self.with_index(|index| index.replace_order(run.field, order));
            }
        }
        Ok(())
    }

    fn with_index<T>(&self, work: impl FnOnce(&mut Index) -> T) -> Option<T> {
        match &mut *self.lock() {
            State::Ready(index) => Some(work(index)),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Builds an index from the tables. Stops early, with a part of it, if it is no longer needed.
fn build(db: &Connection, is_needed: impl Fn() -> bool) -> rusqlite::Result<Index> {
    let mut builder = IndexBuilder::default();
    let mut rows = 0_usize;
    let mut check = || {
        rows += 1;
        if rows.is_multiple_of(ROWS_PER_CHECK) && !is_needed() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    for field in [SortField::Name, SortField::Email, SortField::UpdateTime] {
        read_order(db, field, |key, id| {
            builder.append(field, key, id);
            check()
        })?;
    }
    let texts = "SELECT id, name_key, email_key FROM users ORDER BY id";
    read_rows(db, texts, |row| {
        let (name_key, email_key) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        builder.set_texts(row.get(0)?, name_key, email_key);
        Ok(check())
    })?;
    let samples = "SELECT id FROM users WHERE sample = 1 ORDER BY id";
    read_rows(db, samples, |row| {
        builder.add_sample(row.get(0)?);
        Ok(check())
    })?;
    Ok(builder.build(revision(db)?))
}

fn load_order(db: &Connection, field: SortField) -> rusqlite::Result<OrderStatistics> {
    let mut order = OrderStatistics::new();
    read_order(db, field, |key, id| {
        order.append(key, id);
        ControlFlow::Continue(())
    })?;
    Ok(order)
}

/// Reads the keys and ids of an order, ascending.
fn read_order(
    db: &Connection,
    field: SortField,
    mut read: impl FnMut(&[u8], u32) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    let sql = match field {
        SortField::Name => "SELECT id, name_key FROM users ORDER BY name_key, id",
        SortField::Email => "SELECT id, email_key FROM users ORDER BY email_key, id",
        SortField::UpdateTime => {
            return read_rows(
                db,
                "SELECT id, revision FROM users ORDER BY revision, id",
                |row| {
                    let revision: i64 = row.get(1)?;
                    Ok(read(&revision.to_be_bytes(), row.get(0)?))
                },
            );
        }
        // Counted in a table, see `block_counts`.
        SortField::Id => return Ok(()),
    };
    read_rows(db, sql, |row| {
        Ok(read(row.get_ref(1)?.as_str()?.as_bytes(), row.get(0)?))
    })
}

fn read_rows(
    db: &Connection,
    sql: &str,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<ControlFlow<()>>,
) -> rusqlite::Result<()> {
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if read(row)?.is_break() {
            break;
        }
    }
    Ok(())
}

fn revision(db: &Connection) -> rusqlite::Result<Revision> {
    Ok(Revision(Metadata::read(db)?.revision.unsigned_abs()))
}
