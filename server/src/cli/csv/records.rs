//! The records of a CSV file, and the lines they begin on.

use std::io;

use csv::{ByteRecord, Position, ReaderBuilder, Terminator};

use super::guard::Guard;

const BUFFER_BYTES: usize = 1 << 18;

pub(super) const UNCLOSED_QUOTE: &str = "the quotation mark opened here is never closed";
pub(super) const QUOTE_TOO_LONG: &str = "the quotation mark opened here is not closed within 1 MiB";
pub(super) const ROW_TOO_LONG: &str = "the row is longer than 1 MiB";

/// Reads the records of a file that are not blank.
#[derive(Debug)]
pub(super) struct Records<R> {
    csv: csv::Reader<Guard<R>>,
    record: ByteRecord,
}

impl<R: io::Read> Records<R> {
    pub(super) fn new(file: R) -> Self {
        // With `Terminator::CRLF` the parser miscounts lines that end with CRLF, so that only line
        // feeds end a row here. A carriage return before one is removed below.
        let csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER_BYTES)
            .from_reader(Guard::new(file));
        Self {
            csv,
            record: ByteRecord::new(),
        }
    }

    /// How many bytes of the file have been read.
    pub(super) fn position(&self) -> u64 {
        self.csv.position().byte()
    }

    /// The next record, whose position has the line that it begins on.
    ///
    /// # Errors
    /// The rest of the file cannot be read.
    pub(super) fn next(&mut self) -> Result<Option<&ByteRecord>, String> {
        let record = &mut self.record;
        loop {
            let read = self.csv.read_byte_record(record);
            let (byte, next_line) = (self.csv.position().byte(), self.csv.position().line());
            if !read.map_err(|error| format!("line {next_line}: {error}"))? {
                return Ok(None);
            }
            let guard = self.csv.get_mut();
            let too_long = guard.is_too_long();
            // The marker alone is an empty record.
            if guard.marker_ends_at(byte) && record.as_slice().ends_with(b"\n") {
                let quoted = record.iter().next_back().unwrap_or_default();
                let line = next_line - count_line_feeds(quoted);
                let reason = if too_long {
                    QUOTE_TOO_LONG
                } else {
                    UNCLOSED_QUOTE
                };
                return Err(format!("line {line}: {reason}"));
            }
            guard.end_row(byte);
            // Every row ends with a line feed, the last one by `Guard`.
            let line = next_line - 1 - count_line_feeds(record.as_slice());
            if too_long {
                return Err(format!("line {line}: {ROW_TOO_LONG}"));
            }
            if record.iter().all(|field| field.trim_ascii().is_empty()) {
                continue;
            }
            remove_carriage_return(record);
            let mut position = Position::new();
            position.set_line(line);
            record.set_position(Some(position));
            return Ok(Some(&self.record));
        }
    }
}

fn remove_carriage_return(record: &mut ByteRecord) {
    if let Some(last) = record
        .iter()
        .next_back()
        .and_then(|it| it.strip_suffix(b"\r"))
    {
        let last = last.to_owned();
        record.truncate(record.len() - 1);
        record.push_field(&last);
    }
}

pub(super) fn count_line_feeds(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}
