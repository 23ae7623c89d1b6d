//! The records of a file, and where in it they are.

use std::io;

use csv::{ByteRecord, ReaderBuilder, Terminator};

use super::{guard::Guard, reader::FileError};

const BUFFER: usize = 1 << 18;

pub(super) const NEVER: &str = "a quotation mark is opened here and never closed";
pub(super) const NOT_IN_A_ROW: &str = "a quotation mark is opened here and not closed in 1 MiB";
pub(super) const TOO_LONG: &str = "the row is longer than 1 MiB";

/// The records of a file that are not empty, and the lines they begin on.
#[derive(Debug)]
pub(super) struct Records<R> {
    csv: csv::Reader<Guard<R>>,
    record: ByteRecord,
}

impl<R: io::Read> Records<R> {
    pub(super) fn new(file: R) -> Self {
        // Lines end with the line feed alone, and a carriage return before it is left in the
        // last column, where it is trimmed: the parser's own CRLF loses count of the lines.
        let csv = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(Terminator::Any(b'\n'))
            .buffer_capacity(BUFFER)
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

    /// The next one, and the line that it begins on.
    ///
    /// # Errors
    /// The file can't be read from here on.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &ByteRecord)>, FileError> {
        let record = &mut self.record;
        loop {
            let read = self.csv.read_byte_record(record);
            let (byte, next_line) = (self.csv.position().byte(), self.csv.position().line());
            let read = read.map_err(|error| FileError(format!("line {next_line}: {error}")))?;
            if !read {
                return Ok(None);
            }
            let guard = self.csv.get_mut();
            let too_long = guard.too_long();
            // The mark of the end by itself is an empty record; one that is not has begun before.
            if guard.marked(byte) && record.as_slice().ends_with(b"\n") {
                let quoted = record.iter().next_back().unwrap_or_default();
                let line = next_line - lines(quoted);
                let never = if too_long { NOT_IN_A_ROW } else { NEVER };
                return Err(FileError(format!("line {line}: {never}")));
            }
            guard.row_read(byte);
            // All lines end with a line feed, the last one too: see `Guard`.
            let line = next_line - 1 - lines(record.as_slice());
            if too_long {
                return Err(FileError(format!("line {line}: {TOO_LONG}")));
            }
            if record.iter().all(|column| column.trim_ascii().is_empty()) {
                continue;
            }
            return Ok(Some((line, &self.record)));
        }
    }
}

/// How many lines end within the text.
pub(super) fn lines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}
