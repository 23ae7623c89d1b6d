//! Copies the WAL back into the database in a thread of its own, so that no commit has to wait for
//! much of it.
//!
//! `SQLite` checkpoints in the commit that makes the WAL too long: a single write would wait for
//! 64 MiB. What another connection has already copied and synced is not copied again; the commit
//! copies only what was written since.

use std::{
    cell::Cell,
    fs::File,
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use rusqlite::Connection;

use super::{open, thread::spawn};
use crate::error::{OpenError, StoreError};

/// The length of the WAL, in pages of 4 KiB, from which it is checkpointed. With fewer, the index
/// pages that each commit of an import writes would be copied each time.
const PAGES: i64 = 4_000;

/// Wakes the thread when there is something to copy. The thread ends when this is dropped.
pub(super) struct Checkpointer {
    wake: SyncSender<()>,
    /// The length of the WAL when the thread was last woken.
    woken_at: Cell<i64>,
}

impl Checkpointer {
    /// Starts the thread, with a connection of its own. `database` is the file itself, and has to
    /// outlive every connection to it in this process: when it is closed, they lose their locks
    /// (`fcntl(2)`, "Advisory record locking").
    pub(super) fn start(
        path: &Path,
        database: Arc<File>,
    ) -> Result<(Self, thread::JoinHandle<()>), OpenError> {
        let db = open::checkpointer(path)?;
        let (wake, woken) = sync_channel(1);
        let thread = spawn("store-checkpointer", move || run(&db, &database, woken))
            .map_err(OpenError::Thread)?;
        let woken_at = Cell::new(0);
        Ok((Self { wake, woken_at }, thread))
    }

    /// Checks the length of the WAL over the writer's connection; takes a few microseconds.
    pub(super) fn check(&self, db: &Connection) {
        let pages = match wal(db, "PRAGMA wal_checkpoint(NOOP)") {
            Ok(wal) if wal.pages - wal.copied >= PAGES => wal.pages,
            Ok(_) => return,
            Err(error) => return tracing::debug!(%error, "the length of the WAL is unknown"),
        };
        // A checkpoint may be impossible while an old snapshot is read: do not retry at each commit.
        // A shorter WAL has been restarted since.
        let woken_at = self.woken_at.get();
        if pages < woken_at || pages - woken_at >= PAGES {
            self.woken_at.set(pages);
            // If a wake-up is pending already, that one is enough.
            self.wake.try_send(()).ok();
        }
    }
}

fn run(db: &Connection, database: &File, woken: Receiver<()>) {
    let mut is_failing = false;
    for () in woken {
        // PASSIVE waits for neither readers nor the writer, and leaves the sync to the connection
        // that finishes the checkpoint: the writer's.
        let copied = wal(db, "PRAGMA wal_checkpoint(PASSIVE)")
            .map_err(|error| StoreError::of(&error).to_string())
            .and_then(|_| database.sync_data().map_err(|error| error.to_string()));
        if let Err(error) = &copied
            && !is_failing
        {
            tracing::warn!(error, "the WAL cannot be checkpointed for now");
        }
        is_failing = copied.is_err();
    }
}

struct Wal {
    pages: i64,
    /// The number of them that are already in the database.
    copied: i64,
}

fn wal(db: &Connection, pragma: &str) -> rusqlite::Result<Wal> {
    db.prepare_cached(pragma)?.query_row([], |row| {
        Ok(Wal {
            pages: row.get(1)?,
            copied: row.get(2)?,
        })
    })
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Instant};

    use super::{super::testing::Folder, *};
    use crate::{
        RetentionPolicy, Samples,
        sqlite::{FILE, Lock, Origin, Store},
    };

    #[test]
    fn a_long_wal_is_copied_before_a_commit_has_to() {
        const AUTOMATIC: i64 = 16_000;
        let folder = Folder::new();
        let lock = Lock::acquire(folder.path(), "test").expect("an unused folder");
        let store = Store::open(&lock, RetentionPolicy::default()).expect("a new directory");
        let db = Connection::open(folder.path().join(FILE)).expect("the database");
        let wal_now = || wal(&db, "PRAGMA wal_checkpoint(NOOP)").expect("the WAL");
        let mut first = 2_000;
        while wal_now().pages < PAGES {
            let users = Samples::starting_at(first).take(2_000).collect();
            let added = store
                .add_users(users, Origin::Sample)
                .expect("the writer runs");
            assert_eq!(added.wait().expect("added").created, 2_000);
            first += 2_000;
        }
        assert!(
            wal_now().pages < AUTOMATIC,
            "so long that the commit copied it"
        );
        let started = Instant::now();
        while wal_now().copied == 0 {
            assert!(started.elapsed().as_secs() < 30, "nothing was copied");
            thread::yield_now();
        }
    }
}
