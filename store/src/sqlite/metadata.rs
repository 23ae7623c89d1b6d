//! What is true of the whole directory, and of what one transaction of the writer's makes of it.

use rusqlite::{Connection, Row, params};

use super::block_counts::BlockCounts;
use frontdesk_directory::{Change, ChangeKind, Email, Name, Revision, Timestamp, User, UserId};

/// What is true of the whole directory: the one row of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) total: i64,
    /// The last id that was ever given.
    pub(super) last_id: i64,
    pub(super) revision: i64,
    /// The oldest revision on record.
    pub(super) oldest: i64,
    /// When the last change was.
    pub(super) changed: Timestamp,
}

impl Metadata {
    pub(super) fn read(db: &Connection) -> rusqlite::Result<Self> {
        let mut facts =
            db.prepare_cached("SELECT total, last_id, revision, oldest, changed FROM directory")?;
        facts.query_row([], Self::from_row)
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            total: row.get(0)?,
            last_id: row.get(1)?,
            revision: row.get(2)?,
            oldest: row.get(3)?,
            changed: Timestamp(row.get(4)?),
        })
    }

    /// All but the total, which the counts bring along.
    fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        db.prepare_cached(
            "UPDATE directory SET last_id = ?1, revision = ?2, oldest = ?3, changed = ?4",
        )?
        .execute(params![
            self.last_id,
            self.revision,
            self.oldest,
            self.changed.0
        ])?;
        Ok(())
    }
}

/// SortField what a user is found and ordered, besides the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) revision: i64,
}

/// A change, and what it does to whatever is kept beside the tables.
#[derive(Clone, Debug)]
pub(super) struct AppliedChange {
    pub(super) change: Change,
    /// SortField what the user was found before it; nothing where they were not there.
    pub(super) was: Option<Keys>,
    /// SortField what they are found after it; nothing where they are gone.
    pub(super) is: Option<Keys>,
}

/// A transaction of the writer's, as the work in it sees it.
pub(super) struct WriteTransaction<'db> {
    pub(super) db: &'db Connection,
    /// As it is in the table.
    found: Metadata,
    facts: Metadata,
    made: Vec<AppliedChange>,
}

impl<'db> WriteTransaction<'db> {
    /// To be called within a transaction.
    pub(super) fn begin(db: &'db Connection) -> rusqlite::Result<Self> {
        let found = Metadata::read(db)?;
        let mut facts = found;
        facts.changed = facts
            .changed
            .max(Timestamp::from(std::time::SystemTime::now()));
        Ok(Self {
            db,
            found,
            facts,
            made: Vec::new(),
        })
    }

    /// The time of whatever is changed in it.
    pub(super) fn now(&self) -> Timestamp {
        self.facts.changed
    }

    /// When the last change was before it.
    pub(super) fn last_change(&self) -> Timestamp {
        self.found.changed
    }

    /// The revision so far.
    pub(super) fn revision(&self) -> Revision {
        Revision(self.facts.revision.unsigned_abs())
    }

    /// An id that nobody ever had, where there is one; given when [`WriteTransaction::gives`] is told so.
    pub(super) fn free_id(&self) -> Option<UserId> {
        UserId::new(i32::try_from(self.facts.last_id + 1).ok()?)
    }

    /// The id is somebody's from now on.
    pub(super) fn gives(&mut self, id: UserId) {
        self.facts.last_id = self.facts.last_id.max(id.get().into());
    }

    /// The last id that was ever given.
    pub(super) fn last_id(&self) -> i32 {
        i32::try_from(self.facts.last_id).unwrap_or(i32::MAX)
    }

    /// The revision that the next [`WriteTransaction::record`] makes.
    pub(super) fn next_revision(&self) -> Revision {
        Revision(self.facts.revision.unsigned_abs() + 1)
    }

    /// Puts on record what was done to a user, who has the next revision and the time by now.
    pub(super) fn record(
        &mut self,
        kind: ChangeKind,
        user: User,
        before: Option<(Name, Email)>,
        (was, is): (Option<Keys>, Option<Keys>),
    ) -> rusqlite::Result<()> {
        debug_assert_eq!(user.revision, self.next_revision());
        self.db
            .prepare_cached(
                "INSERT INTO changes (revision, kind, user, changed, name, email, sample, in_bin, \
                 old_name, old_email) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                self.facts.revision + 1,
                number(kind),
                user.id.get(),
                user.update_time.0,
                user.name.as_str(),
                user.email.as_str(),
                user.sample,
                user.purge_time.is_some(),
                before.as_ref().map(|(name, _)| name.as_str()),
                before.as_ref().map(|(_, email)| email.as_str()),
            ])?;
        self.facts.revision += 1;
        let change = Change { kind, user, before };
        self.made.push(AppliedChange { change, was, is });
        Ok(())
    }

    /// Forgets what is on record up to and with this revision.
    pub(super) fn forget(&mut self, revision: i64) {
        self.facts.oldest = self.facts.oldest.max(revision + 1);
    }

    /// The oldest revision on record.
    pub(super) fn oldest(&self) -> i64 {
        self.facts.oldest
    }

    /// Writes what is true of the whole directory now; what was made, in order, for when it is
    /// committed.
    pub(super) fn end(self) -> rusqlite::Result<(Metadata, Vec<AppliedChange>)> {
        let mut tally = BlockCounts::default();
        for made in &self.made {
            let id = made.change.user.id;
            match (&made.was, &made.is) {
                (None, Some(_)) => tally.added(id),
                (Some(_), None) => tally.removed(id),
                _ => {}
            }
        }
        tally.write(self.db)?;
        let mut facts = self.facts;
        // Where nothing was changed, neither was the time of the last change; nor is there anything to
        // put on disk.
        if self.made.is_empty() {
            facts.changed = self.found.changed;
        }
        if facts != self.found {
            facts.write(self.db)?;
        }
        Ok((Metadata::read(self.db)?, self.made))
    }
}

/// What a kind of change is in the table.
fn number(kind: ChangeKind) -> i64 {
    match kind {
        ChangeKind::Created => 1,
        ChangeKind::Updated => 2,
        ChangeKind::Deleted => 3,
        ChangeKind::Restored => 4,
    }
}

/// What stands in the table is this kind of change.
pub(super) fn kind(number: i64) -> rusqlite::Result<ChangeKind> {
    Ok(match number {
        1 => ChangeKind::Created,
        2 => ChangeKind::Updated,
        3 => ChangeKind::Deleted,
        4 => ChangeKind::Restored,
        // The table's CHECK holds them to these.
        other => return Err(rusqlite::Error::IntegralValueOutOfRange(0, other)),
    })
}
