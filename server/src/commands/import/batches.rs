//! The file's rows on their way into the store.

use std::{
    io::Read,
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

use crate::{
    people_csv::{FileError, PackedRows, Reader},
    store::{Added, Origin, Pending, Store},
};

/// The first batch is small, so that there is something to see; then each is twice the last.
const FIRST: usize = 1_000;
/// How many rows a batch has at most.
const LARGEST: usize = 10_000;

/// Rows that the store has been given.
pub(super) struct Batch {
    /// All of them, in the file's order.
    pub(super) rows: PackedRows,
    /// Which of them have nobody in them, in order, and why; they were not given to the store.
    pub(super) refused: Vec<(usize, String)>,
    /// What becomes of those of them that are people.
    pub(super) pending: Pending<Added>,
    /// How many bytes of the file they are the end of.
    pub(super) position: u64,
}

/// Reads the file to its end, no further ahead of who takes the batches than their channel lets
/// it, and no further at all once it is `broken`.
pub(super) fn read(
    mut reader: Reader<impl Read>,
    store: &Store,
    batches: &mpsc::SyncSender<Batch>,
    broken: &AtomicBool,
) -> Result<(), FileError> {
    let mut size = FIRST;
    loop {
        let mut people = Vec::with_capacity(size);
        let mut rows = PackedRows::default();
        let mut refused = Vec::new();
        let mut end = Ok(());
        while rows.len() < size {
            let row = match reader.row() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    // What was read before it is kept.
                    end = Err(error);
                    break;
                }
            };
            match row.person {
                Ok(person) => people.push(person),
                Err(why) => refused.push((rows.len(), why)),
            }
            rows.push(row.line, row.record);
        }
        let last = rows.len() < size;
        if broken.load(Ordering::Relaxed) {
            return end;
        }
        if !rows.is_empty() {
            let Ok(pending) = store.add(people, Origin::Real) else {
                // Why the writer is gone is told to who waits for the batches before this one.
                return end;
            };
            let batch = Batch {
                rows,
                refused,
                pending,
                position: reader.position(),
            };
            if batches.send(batch).is_err() {
                return end;
            }
        }
        if last {
            return end;
        }
        size = (size * 2).min(LARGEST);
    }
}
