//! Takes the WAL back into the database beside the writer, so that no commit has to wait for much of
//! that.
//!
//! `SQLite` has the connection whose commit makes the WAL long take it back there and then: 64 MiB that
//! a single write would wait for. What another connection has taken back by then, and has put on disk,
//! is not taken back again; what is left for the commit is what came meanwhile.

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

use super::{error::explain, open, threads::spawn};
use crate::failure::Failure;

/// How many pages (of 4 KiB) may wait in the WAL before they are taken back beside the writer. More
/// often, and the indexes' pages that each commit of an import writes would be taken back each time.
const PAGES: i64 = 4_000;

/// Tells the thread when there is something to take back. The thread ends when this is dropped.
pub(super) struct Checkpointer {
    wake: SyncSender<()>,
    /// How long the WAL was when it was told last.
    told: Cell<i64>,
}

impl Checkpointer {
    /// Starts the thread, with a connection of its own. `database` is the file itself, and has to
    /// outlive every connection to it in this process: when it is closed, they lose their locks
    /// (`fcntl(2)`, «Advisory record locking»).
    pub(super) fn start(
        path: &Path,
        database: Arc<File>,
    ) -> Result<(Self, thread::JoinHandle<()>), Failure> {
        let db = open::beside_the_writer(path)?;
        // One that waits is enough: it finds all that is there by then.
        let (wake, woken) = sync_channel(1);
        let thread = spawn("store-checkpointer", move || run(&db, &database, woken))
            .map_err(|error| Failure::broken(format!("a thread can't be started: {error}")))?;
        let told = Cell::new(0);
        Ok((Self { wake, told }, thread))
    }

    /// Looks how long the WAL is, by the writer's connection; some microseconds.
    pub(super) fn look(&self, db: &Connection) {
        let pages = match wal(db, "PRAGMA wal_checkpoint(NOOP)") {
            Ok(wal) if wal.pages - wal.taken_back >= PAGES => wal.pages,
            Ok(_) => return,
            // The commit itself was well.
            Err(error) => return tracing::debug!(%error, "the WAL's length is not known"),
        };
        // It may not be possible now, as long as somebody reads what was there before: then not at each
        // commit. A shorter one has begun anew since.
        if pages < self.told.get() || pages - self.told.get() >= PAGES {
            self.told.set(pages);
            // Where one waits already, it is as good.
            let _ = self.wake.try_send(());
        }
    }
}

fn run(db: &Connection, database: &File, woken: Receiver<()>) {
    let mut fails = false;
    for () in woken {
        // PASSIVE waits for nobody: neither the writer nor who reads. What is to be on disk
        // then SQLite leaves to whoever takes back the end of the WAL: the writer.
        let done = wal(db, "PRAGMA wal_checkpoint(PASSIVE)")
            .map_err(|error| explain(&error))
            .and_then(|_| database.sync_data().map_err(|error| error.to_string()));
        if let Err(error) = &done
            && !fails
        {
            tracing::warn!(error, "the WAL can't be taken back for now");
        }
        fails = done.is_err();
    }
}

/// How long the WAL is, and how much of it is in the database already.
struct Wal {
    pages: i64,
    taken_back: i64,
}

fn wal(db: &Connection, pragma: &str) -> rusqlite::Result<Wal> {
    db.prepare_cached(pragma)?.query_row([], |row| {
        Ok(Wal {
            pages: row.get(1)?,
            taken_back: row.get(2)?,
        })
    })
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Instant};

    use super::{super::testing::Folder, *};
    use crate::sqlite::{FILE, Lock, Origin, RetentionPolicy, Samples, Store};

    #[test]
    fn a_long_wal_is_taken_back_before_a_commit_has_to() {
        const AUTOMATIC: i64 = 16_000;
        let folder = Folder::new();
        let lock = Lock::take(folder.path(), "test").expect("a folder of one's own");
        let store = Store::open(&lock, RetentionPolicy::default()).expect("a new directory");
        let db = Connection::open(folder.path().join(FILE)).expect("the database");
        let wal_now = || wal(&db, "PRAGMA wal_checkpoint(NOOP)").expect("the WAL");
        let mut from = 2_000;
        while wal_now().pages < PAGES {
            let people = Samples::starting_at(from).take(2_000).collect();
            let added = store
                .add(people, Origin::Sample)
                .expect("the writer is there");
            assert_eq!(added.wait().expect("added").new, 2_000);
            from += 2_000;
        }
        assert!(
            wal_now().pages < AUTOMATIC,
            "so long that the commit did it"
        );
        let began = Instant::now();
        while wal_now().taken_back == 0 {
            assert!(began.elapsed().as_secs() < 30, "nobody has taken it back");
            thread::yield_now();
        }
    }
}
