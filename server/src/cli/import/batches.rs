//! Splits a file into batches.

use std::{
    fs::File,
    io::Read,
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

use csv::ByteRecord;
use frontdesk::user::{ImportBatch, ImportRow};
use tokio::sync::mpsc;

use crate::cli::csv::{FileError, Reader};

/// The limits of a batch. An import that is resumed relies on the same batches as before: change
/// [`super::source::BATCH_VERSION`] with them.
const MAX_ROWS: usize = frontdesk_directory::ImportBatch::MAX_ROWS;
/// The size of the rows in memory, exceeded by at most one row of 1 MiB.
const MAX_BYTES: usize = 1 << 20;
/// The size of names and email addresses, exceeded by at most one row: far below the default of
/// `--max-request-bytes`.
const MAX_REQUEST_BYTES: usize = 1 << 18;

/// Consecutive rows of the file.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) rows: Vec<ByteRecord>,
    /// Rows that are rejected here and not sent: index and reason, in order.
    pub(super) invalid: Vec<(usize, String)>,
    /// Whether any row is sent.
    pub(super) is_sent: bool,
    /// How many bytes of the file have been read with this batch.
    pub(super) position: u64,
}

pub(super) struct Batches<R> {
    reader: Reader<R>,
    /// The number of batches that were sent.
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

    /// The next rows, and the valid ones as a request. Rows before an error are part of a batch.
    fn next(&mut self) -> Option<(Batch, ImportBatch)> {
        let mut batch = Batch::default();
        let mut request = ImportBatch {
            sequence: 0,
            rows: Vec::with_capacity(MAX_ROWS),
        };
        let (mut bytes, mut request_bytes) = (0, 0);
        while self.end.is_none()
            && batch.rows.len() < MAX_ROWS
            && bytes < MAX_BYTES
            && request_bytes < MAX_REQUEST_BYTES
        {
            let row = match self.reader.row() {
                Ok(Some(row)) => row,
                Ok(None) => {
                    self.end = Some(Ok(()));
                    break;
                }
                Err(error) => {
                    self.end = Some(Err(error));
                    break;
                }
            };
            match row.user {
                Ok(user) => {
                    let (name, email) = (user.name.into_string(), user.email.into_string());
                    request_bytes += name.len() + email.len();
                    let line = row.line.cast_signed();
                    request.rows.push(ImportRow { line, name, email });
                }
                Err(reason) => batch.invalid.push((batch.rows.len(), reason)),
            }
            bytes += row.record.as_slice().len() + size_of::<usize>() * row.record.len();
            batch.rows.push(row.record.clone());
        }
        if batch.rows.is_empty() {
            return None;
        }
        batch.is_sent = !request.rows.is_empty();
        batch.position = self.reader.position();
        self.sequence += i64::from(batch.is_sent);
        request.sequence = self.sequence;
        Some((batch, request))
    }

    /// Sends the batches of the whole file to `batches` and `requests`, or those until `failed` is
    /// set.
    pub(super) fn read(
        mut self,
        batches: &mpsc::Sender<Batch>,
        requests: &mpsc::Sender<ImportBatch>,
        failed: &AtomicBool,
    ) -> Result<(), FileError> {
        while let Some((batch, request)) = self.next() {
            let is_sent = batch.is_sent;
            // The receivers are dropped when the import fails.
            if failed.load(Ordering::Relaxed)
                || batches.blocking_send(batch).is_err()
                || (is_sent && requests.blocking_send(request).is_err())
            {
                break;
            }
        }
        self.end.unwrap_or(Ok(()))
    }
}

/// How many batches of a file are sent; `None` if it cannot be read.
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
    fn batches_of_long_rows_are_limited_in_bytes() {
        const ROWS: usize = 100;
        let row = format!("Ada,{},{}\n", "x".repeat(1 << 16), ",".repeat(1 << 13));
        let file = format!("name,note,email\n{}", row.repeat(ROWS));
        let batches = all(&file);
        let rows: usize = batches.iter().map(|(batch, _)| batch.rows.len()).sum();
        assert_eq!(rows, ROWS);
        let bytes = |row: &ByteRecord| row.as_slice().len() + size_of::<usize>() * row.len();
        let sizes = batches
            .iter()
            .map(|(batch, _)| batch.rows.iter().map(bytes).sum::<usize>());
        let largest = sizes.max();
        assert!(largest < Some(MAX_BYTES + (1 << 20)), "{largest:?}");
    }

    #[test]
    fn batches_of_long_names_fit_into_a_request() {
        let name = "👩".repeat(200);
        let row = format!("{name},ada@example.org\n");
        let rows = row.repeat(2_000);
        let batches = all(&format!("name,email\n{rows}"));
        let rows: usize = batches.iter().map(|(_, request)| request.rows.len()).sum();
        assert_eq!(rows, 2_000);
        let largest = batches
            .iter()
            .map(|(_, request)| prost::Message::encoded_len(request));
        assert!(largest.max() < Some(1 << 19));
    }

    #[test]
    fn batches_without_valid_rows_are_not_numbered() {
        let invalid = "x,y\n".repeat(1_000);
        let valid = "Ada,ada@example.org\n";
        let batches = all(&format!("name,email\n{valid}{invalid}{invalid}{valid}"));
        let sent: Vec<_> = batches
            .iter()
            .map(|(batch, request)| (batch.is_sent, request.sequence, request.rows.len()))
            .collect();
        assert_eq!(sent, [(true, 1, 1), (false, 1, 0), (true, 2, 1)]);
    }
}
