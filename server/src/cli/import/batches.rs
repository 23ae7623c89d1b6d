//! The file's rows on their way to the directory.

use std::{
    fs::File,
    io::Read,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use frontdesk::user::{ImportBatch, ImportRow};
use tokio::sync::mpsc;

use crate::csv::{FileError, PackedRows, Reader};

/// How many rows of the file a batch has at most. A part of what an import's id stands for, as are
/// all bounds here: one that goes on has the same batches.
const MOST_ROWS: usize = frontdesk_directory::ImportBatch::MAX_ROWS;
/// How many bytes its rows take, but for the last of them. A row may have a MiB: so many of those
/// as of others would be all the memory there is.
const MOST_BYTES: usize = 1 << 20;
/// How many bytes of names and emails it has, but for the last row: far below `--max-request-bytes`.
const MOST_SENT: usize = 1 << 18;

/// Rows of the file.
pub(super) struct Batch {
    /// All of them, in the file's order.
    pub(super) rows: PackedRows,
    /// Which of them have nobody in them, in order, and why; they are not sent.
    pub(super) refused: Vec<(usize, String)>,
    /// Whether anybody is left to be sent.
    pub(super) is_sent: bool,
    /// How many bytes of the file they are the end of.
    pub(super) position: u64,
}

/// The file in batches.
pub(super) struct Batches<R> {
    reader: Reader<R>,
    /// Of the last batch that had anybody in it.
    sequence: i64,
    end: Option<Result<(), FileError>>,
}

impl<R: Read> Batches<R> {
    pub(super) fn new(reader: Reader<R>) -> Self {
        Self {
            reader,
            sequence: 0,
            end: None,
        }
    }

    /// The next rows, and those of them that are sent.
    fn next(&mut self) -> Option<(Batch, ImportBatch)> {
        let mut rows = PackedRows::default();
        let mut people = Vec::with_capacity(MOST_ROWS);
        let mut refused = Vec::new();
        let mut bytes = 0;
        while self.end.is_none()
            && rows.len() < MOST_ROWS
            && rows.bytes() < MOST_BYTES
            && bytes < MOST_SENT
        {
            let row = match self.reader.row() {
                Ok(Some(row)) => row,
                Ok(None) => {
                    self.end = Some(Ok(()));
                    break;
                }
                Err(error) => {
                    // What was read before it is kept.
                    self.end = Some(Err(error));
                    break;
                }
            };
            match row.person {
                Ok(person) => {
                    let (name, email) = (person.name.into_string(), person.email.into_string());
                    bytes += name.len() + email.len();
                    let line = row.line.cast_signed();
                    people.push(ImportRow { line, name, email });
                }
                Err(why) => refused.push((rows.len(), why)),
            }
            rows.push(row.line, row.record);
        }
        if rows.is_empty() {
            return None;
        }
        let is_sent = !people.is_empty();
        self.sequence += i64::from(is_sent);
        let batch = Batch {
            rows,
            refused,
            is_sent,
            position: self.reader.position(),
        };
        let sequence = self.sequence;
        let rows = people;
        Some((batch, ImportBatch { sequence, rows }))
    }

    /// Reads the file to its end, no further ahead of who takes the batches than their channels
    /// let it, and no further at all once it is `broken`.
    pub(super) fn read(
        mut self,
        batches: &mpsc::Sender<Batch>,
        sent: &mpsc::Sender<ImportBatch>,
        broken: &AtomicBool,
    ) -> Result<(), FileError> {
        while let Some((batch, to_send)) = self.next() {
            let is_sent = batch.is_sent;
            // Who takes them has ended where it fails, and says why.
            if broken.load(Ordering::Relaxed)
                || batches.blocking_send(batch).is_err()
                || (is_sent && sent.blocking_send(to_send).is_err())
            {
                break;
            }
        }
        self.end.unwrap_or(Ok(()))
    }
}

/// How many batches of a file are sent: where that many were taken, the import was whole.
pub(super) fn count(path: &Path) -> Option<i64> {
    let reader = Reader::new(File::open(path).ok()?).ok()?;
    let mut batches = Batches::new(reader);
    while batches.next().is_some() {}
    Some(batches.sequence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(file: &str) -> Vec<(Batch, ImportBatch)> {
        let mut batches = Batches::new(Reader::new(file.as_bytes()).expect("headings"));
        std::iter::from_fn(|| batches.next()).collect()
    }

    #[test]
    fn long_rows_come_in_batches_of_few_and_none_is_missing() {
        const ROWS: usize = 100;
        let row = format!("Ada,{},{}\n", "x".repeat(1 << 16), ",".repeat(1 << 13));
        let file = format!("name,note,email\n{}", row.repeat(ROWS));
        let batches = all(&file);
        let rows: usize = batches.iter().map(|(batch, _)| batch.rows.len()).sum();
        assert_eq!(rows, ROWS);
        let largest = batches.iter().map(|(batch, _)| batch.rows.bytes()).max();
        assert!(largest < Some(MOST_BYTES + (1 << 20)), "{largest:?}");
    }

    #[test]
    fn names_of_any_length_fit_into_a_request() {
        let name = "👩".repeat(200);
        let row = format!("{name},ada@example.org\n");
        let rows = row.repeat(2_000);
        let batches = all(&format!("name,email\n{rows}"));
        let rows: usize = batches.iter().map(|(_, sent)| sent.rows.len()).sum();
        assert_eq!(rows, 2_000);
        let largest = batches
            .iter()
            .map(|(_, sent)| prost::Message::encoded_len(sent));
        assert!(largest.max() < Some(1 << 19));
    }

    #[test]
    fn only_batches_with_somebody_in_them_are_numbered() {
        let nobody = "x,y\n".repeat(1_000);
        let somebody = "Ada,ada@example.org\n";
        let batches = all(&format!("name,email\n{somebody}{nobody}{nobody}{somebody}"));
        let sent: Vec<_> = batches
            .iter()
            .map(|(batch, sent)| (batch.is_sent, sent.sequence, sent.rows.len()))
            .collect();
        assert_eq!(sent, [(true, 1, 1), (false, 1, 0), (true, 2, 1)]);
    }
}
