//! What stands between a file and the CSV parser.

use std::io::{self, Read};

/// The longest row, in bytes. Without a bound a quotation mark that is never closed would take
/// all that follows into memory.
const LONGEST_ROW: usize = 1 << 20;

/// Bounds the length of a row, and ends the last one with a line feed where the file does not.
#[derive(Debug)]
pub(super) struct Guard<R> {
    inner: R,
    since_row: usize,
    last: u8,
}

impl<R> Guard<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            since_row: 0,
            last: b'\n',
        }
    }

    /// A row is complete: the next one may be as long again.
    pub(super) fn row_read(&mut self) {
        self.since_row = 0;
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row > LONGEST_ROW {
            let why = "a row is longer than 1 MiB: is a quotation mark not closed?";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let read = self.inner.read(buffer)?;
        self.since_row += read;
        match (read, buffer.first_mut()) {
            (0, Some(first)) if self.last != b'\n' => {
                *first = b'\n';
                self.last = b'\n';
                Ok(1)
            }
            _ => {
                self.last = buffer[..read].last().copied().unwrap_or(self.last);
                Ok(read)
            }
        }
    }
}
