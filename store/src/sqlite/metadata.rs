//! The one row of the table `directory`.

use frontdesk_directory::{Revision, Timestamp, UserId, rules::Counters};
use rusqlite::{Connection, params};

use crate::feed::Head;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) total: i64,
    /// The last id that was assigned; 0 if none was.
    pub(super) last_id: i32,
    pub(super) revision: i64,
    /// The oldest revision in the change log; one more than `revision` if it is empty.
    pub(super) oldest_revision: i64,
    /// The time of the last change.
    pub(super) update_time: Timestamp,
}

impl Metadata {
    pub(super) fn read(db: &Connection) -> rusqlite::Result<Self> {
        let mut metadata = db.prepare_cached(
            "SELECT total, last_id, revision, oldest_revision, update_time FROM directory",
        )?;
        metadata.query_row([], |row| {
            Ok(Self {
                total: row.get(0)?,
                last_id: row.get(1)?,
                revision: row.get(2)?,
                oldest_revision: row.get(3)?,
                update_time: Timestamp(row.get(4)?),
            })
        })
    }

    pub(super) fn write(&self, db: &Connection) -> rusqlite::Result<()> {
        db.prepare_cached(
            "UPDATE directory SET total = ?1, last_id = ?2, revision = ?3, oldest_revision = ?4, \
             update_time = ?5",
        )?
        .execute(params![
            self.total,
            self.last_id,
            self.revision,
            self.oldest_revision,
            self.update_time.0
        ])?;
        Ok(())
    }

    pub(super) fn counters(&self) -> Counters {
        Counters {
            last_id: UserId::new(self.last_id),
            revision: Revision(self.revision.unsigned_abs()),
            update_time: self.update_time,
        }
    }

    pub(super) fn set_counters(&mut self, counters: Counters) {
        self.last_id = counters.last_id.map_or(0, UserId::get);
        self.revision = counters.revision.0.cast_signed();
        self.update_time = counters.update_time;
    }

    pub(super) fn head(&self) -> Head {
        Head {
            revision: Revision(self.revision.unsigned_abs()),
            oldest: Revision(self.oldest_revision.unsigned_abs()),
        }
    }
}
