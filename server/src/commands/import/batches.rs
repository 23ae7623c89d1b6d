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
/// How many bytes its rows take, but for the last of them. A row may have a MiB: so many of those
/// as of others would be all the memory there is.
const MOST_BYTES: usize = 4 << 20;

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
        let mut last = false;
        while rows.len() < size && rows.bytes() < MOST_BYTES {
            let row = match reader.row() {
                Ok(Some(row)) => row,
                Ok(None) => {
                    last = true;
                    break;
                }
                Err(error) => {
                    // What was read before it is kept.
                    end = Err(error);
                    last = true;
                    break;
                }
            };
            match row.person {
                Ok(person) => people.push(person),
                Err(why) => refused.push((rows.len(), why)),
            }
            rows.push(row.line, row.record);
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Keeping, Lock};

    #[test]
    fn long_rows_come_in_batches_of_few_and_none_is_missing() {
        const ROWS: usize = 100;
        let row = format!("Ada,{},{}\n", "x".repeat(1 << 16), ",".repeat(1 << 13));
        let file = format!("name,note,email\n{}", row.repeat(ROWS));
        let reader = Reader::new(file.as_bytes()).expect("headings");
        let folder = tempfile::tempdir().expect("a folder");
        let lock = Lock::take(folder.path(), "a test").expect("the folder is ours");
        let store = Store::open(&lock, Keeping::default()).expect("a new directory");
        let (sender, receiver) = mpsc::sync_channel(ROWS);
        read(reader, &store, &sender, &AtomicBool::new(false)).expect("readable");
        drop(sender);
        let batches: Vec<_> = receiver.into_iter().map(|batch| batch.rows).collect();
        let rows: usize = batches.iter().map(PackedRows::len).sum();
        assert_eq!(rows, ROWS);
        let largest = batches.iter().map(PackedRows::bytes).max();
        assert!(largest < Some(MOST_BYTES + (1 << 20)), "{largest:?}");
    }
}
