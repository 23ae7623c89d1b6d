//! What searches and sorted pages are found by, in memory: the texts of all users, and the counts of
//! the orders. Kept by the writer, read as snapshots.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Instant,
};

use frontdesk_directory::text::fold;
use frontdesk_search::{IdSet, Order, TextIndex};
use rusqlite::{Connection, Row};

use super::{
    keys::{self, Mark},
    metadata::Metadata,
    open,
    row::Keys,
};
use frontdesk_directory::{Change, ChangeKind, Email, Error, Name, Revision, SortField, UserId};

/// How many changes are taken in while nobody can have a snapshot.
const GROUP: usize = 512;

/// What searches and sorted pages are found by. Told by the writer after each commit, before it is
/// answered: who has written finds what they wrote.
#[derive(Debug, Default)]
pub(super) struct SearchIndex {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
enum State {
    /// Nobody is going to look for anything.
    #[default]
    Unwanted,
    /// The writer makes it before its first work.
    ListParams,
    AppliedChange(Box<IndexSnapshot>),
    /// It can't be made.
    Broken,
    /// Nobody waits for it any more.
    Gone,
}

/// What is known of all users at a revision. Cloning is shallow, but for some kB of counts and a bit
/// for each sample.
#[derive(Clone, Debug, Default)]
pub(super) struct IndexSnapshot {
    /// Knows the revision too.
    pub(super) texts: TextIndex,
    names: Order,
    emails: Order,
    revisions: Order,
    /// Who is made up.
    pub(super) samples: IdSet,
}

impl SearchIndex {
    /// It is to be made.
    pub(super) fn want(&self) {
        *self.lock() = State::ListParams;
    }

    /// Makes it, where it is wanted. Whoever looks for something waits for this; reads by id do not.
    pub(super) fn make(&self, db: &Connection) {
        if !matches!(*self.lock(), State::ListParams) {
            return;
        }
        let begun = Instant::now();
        let wanted = || matches!(*self.lock(), State::ListParams);
        // Each page is wanted once: they would fill the cache, and stay there.
        let read = open::with_small_cache(db, || IndexSnapshot::read(db, wanted));
        let made = match read {
            Ok(known) => {
                let (users, time) = (known.total(), begun.elapsed());
                tracing::debug!(users, ?time, "everybody can be found");
                State::AppliedChange(Box::new(known))
            }
            Err(error) => {
                tracing::error!(%error, "nobody can be found: reading them failed");
                State::Broken
            }
        };
        let mut state = self.lock();
        if matches!(*state, State::ListParams) {
            *state = made;
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Whoever waits for it needs not to.
    pub(super) fn give_up(&self) {
        *self.lock() = State::Gone;
        self.changed.notify_all();
    }

    /// As it is now; waits until it is made.
    pub(super) fn snapshot(&self) -> Result<IndexSnapshot, Error> {
        let mut state = self.lock();
        loop {
            match &*state {
                State::AppliedChange(known) => return Ok((**known).clone()),
                State::ListParams => {
                    let woken = self.changed.wait(state);
                    state = woken.unwrap_or_else(PoisonError::into_inner);
                }
                State::Gone => return Err(Error::ShuttingDown),
                State::Unwanted | State::Broken => {
                    return Err(Error::Internal(
                        "there is nothing to find anybody by".into(),
                    ));
                }
            }
        }
    }

    /// The revision of the last change that was applied; `None` without an index.
    pub(super) fn revision(&self) -> Option<Revision> {
        self.with(|known| Revision(known.texts.revision()))
    }

    /// Applies changes, which `db` has.
    pub(super) fn apply(&self, db: &Connection, changes: &[Arc<Change>]) {
        for group in changes.chunks(GROUP) {
            let taken = self.with(|known| group.iter().for_each(|change| known.apply(change)));
            if taken.is_none() {
                return;
            }
            // Searches that wait come in between.
            thread::yield_now();
        }
        for by in [SortField::Name, SortField::Email, SortField::UpdateTime] {
            if let Err(error) = self.narrow(db, by) {
                tracing::error!(%error, ?by, "the counts of an order are not kept any more");
            }
        }
    }

    /// Splits what has become too wide in an order to find a place in it quickly. Only the writer
    /// changes it: what it has seen is still so when it has read the table.
    fn narrow(&self, db: &Connection, by: SortField) -> rusqlite::Result<()> {
        while let Some((from, left)) = self.wide(by) {
            let middle = keys::nth(db, by, &from, left)?;
            let split = |known: &mut IndexSnapshot| {
                let order = known.order_mut(by);
                middle.is_some_and(|at| order.split(&at.key(), at.id(), left))
            };
            if self.with(split) == Some(false) {
                // It has not counted what the table has: once more, from the beginning.
                let order = read_order(db, by, || true)?;
                self.with(|known| *known.order_mut(by) = order);
                break;
            }
        }
        Ok(())
    }

    /// Where a run of an order begins that is too wide, and how many entries to leave in it.
    fn wide(&self, by: SortField) -> Option<(Mark, u32)> {
        self.with(|known| {
            let wide = known.order_mut(by).wants_split()?;
            Some((Mark::before(by, wide.from), wide.count / 2))
        })?
    }

    fn with<T>(&self, work: impl FnOnce(&mut IndexSnapshot) -> T) -> Option<T> {
        match &mut *self.lock() {
            State::AppliedChange(known) => Some(work(known)),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl IndexSnapshot {
    /// Reads everybody, as long as that is `wanted`.
    fn read(db: &Connection, wanted: impl Fn() -> bool) -> rusqlite::Result<Self> {
        let mut known = Self {
            names: read_order(db, SortField::Name, &wanted)?,
            emails: read_order(db, SortField::Email, &wanted)?,
            revisions: read_order(db, SortField::UpdateTime, &wanted)?,
            ..Self::default()
        };
        let texts = "SELECT id, name_key, email_key FROM users ORDER BY id";
        each(db, texts, &wanted, |row| {
            let email = fold(row.get_ref(2)?.as_str()?);
            known
                .texts
                .set(row.get(0)?, row.get_ref(1)?.as_str()?, &email);
            Ok(())
        })?;
        let samples = "SELECT id FROM users WHERE sample = 1 ORDER BY id";
        each(db, samples, &wanted, |row| {
            known.samples.insert(row.get(0)?);
            Ok(())
        })?;
        let revision = Metadata::read(db)?.revision;
        known.texts.set_revision(revision.unsigned_abs());
        Ok(known)
    }

    /// How many users there are.
    pub(super) fn total(&self) -> u64 {
        self.names.len()
    }

    /// The counts of an order; those of the ids are kept in the table.
    pub(super) fn order(&self, by: SortField) -> Option<&Order> {
        match by {
            SortField::Id => None,
            SortField::Name => Some(&self.names),
            SortField::Email => Some(&self.emails),
            SortField::UpdateTime => Some(&self.revisions),
        }
    }

    fn order_mut(&mut self, by: SortField) -> &mut Order {
        match by {
            SortField::Name => &mut self.names,
            SortField::Email => &mut self.emails,
            SortField::UpdateTime | SortField::Id => &mut self.revisions,
        }
    }

    fn apply(&mut self, change: &Change) {
        let user = &change.user;
        let id = number(user.id);
        let current = keys(&user.name, &user.email, user.revision);
        let was = change
            .previous_revision
            .map(|revision| match &change.before {
                Some((name, email)) => keys(name, email, revision),
                None => keys(&user.name, &user.email, revision),
            });
        let is = (change.kind != ChangeKind::Deleted).then_some(current);
        if let Some(was) = &was {
            self.names.removed(was.name.as_bytes(), id);
            self.emails.removed(was.email.as_bytes(), id);
            self.revisions.removed(&was.revision.to_be_bytes(), id);
        }
        if let Some(is) = &is {
            self.names.added(is.name.as_bytes(), id);
            self.emails.added(is.email.as_bytes(), id);
            // The newest is behind all others.
            self.revisions.append(&is.revision.to_be_bytes(), id);
        }
        match (&was, &is) {
            (Some(was), Some(is)) if (&was.name, &was.email) == (&is.name, &is.email) => {}
            (_, Some(is)) => self.texts.set(id, &is.name, &fold(&is.email)),
            (_, None) => self.texts.clear(id),
        }
        if is.is_some() && user.sample {
            self.samples.insert(id);
        } else {
            self.samples.remove(id);
        }
        self.texts.set_revision(user.revision.0);
    }
}

fn keys(name: &Name, email: &Email, revision: Revision) -> Keys {
    Keys {
        name: fold(name.as_str()).into_owned(),
        email: email.key().into_owned(),
        revision: revision.0.cast_signed(),
    }
}

/// An id as the index has it.
pub(super) fn number(id: UserId) -> u32 {
    id.get().unsigned_abs()
}

fn read_order(
    db: &Connection,
    by: SortField,
    wanted: impl Fn() -> bool,
) -> rusqlite::Result<Order> {
    let mut order = Order::new();
    match by {
        SortField::Name | SortField::Email => {
            let sql = if by == SortField::Name {
                "SELECT id, name_key FROM users ORDER BY name_key, id"
            } else {
                "SELECT id, email_key FROM users ORDER BY email_key, id"
            };
            each(db, sql, wanted, |row| {
                order.append(row.get_ref(1)?.as_str()?.as_bytes(), row.get(0)?);
                Ok(())
            })?;
        }
        SortField::UpdateTime | SortField::Id => {
            let sql = "SELECT id, revision FROM users ORDER BY revision, id";
            each(db, sql, wanted, |row| {
                order.append(&row.get::<_, i64>(1)?.to_be_bytes(), row.get(0)?);
                Ok(())
            })?;
        }
    }
    Ok(order)
}

/// Hands each row to `take`, as long as that is `wanted`.
fn each(
    db: &Connection,
    sql: &str,
    wanted: impl Fn() -> bool,
    mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    /// Each so many rows it is looked whether more are wanted.
    const STEP: usize = 8_192;
    let mut statement = db.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut read = 0_usize;
    while let Some(row) = rows.next()? {
        read += 1;
        if read.is_multiple_of(STEP) && !wanted() {
            break;
        }
        take(row)?;
    }
    Ok(())
}
