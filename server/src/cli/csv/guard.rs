//! Limits the length of a row, and detects quotation marks that are never closed.
//!
//! The `csv` crate does neither: it reads a row of any length into memory, and treats the end of the
//! file as the end of a quoted field.

use std::io::{self, Read};

/// In bytes. Without a limit, a quotation mark that is never closed would make the rest of the file
/// one row.
const MAX_ROW_BYTES: u64 = 1 << 20;

/// A reader between the file and the CSV parser that appends an end marker to the file: a line feed
/// if the last row has none, and a quotation mark.
///
/// If all quotation marks in the file are closed, the marker opens another row, which is empty.
/// Otherwise it closes the open one, and the marker ends the last row.
#[derive(Debug)]
pub(super) struct Guard<R> {
    inner: R,
    /// Where the current row begins, or the line feeds before it, which do not count.
    row: u64,
    /// Where the trailing line feeds of what was read begin.
    blank: u64,
    read: u64,
    marker: Marker,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marker {
    NotDue,
    Due,
    Read,
}

impl<R> Guard<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            row: 0,
            blank: 0,
            read: 0,
            marker: Marker::NotDue,
        }
    }

    /// The current row ends at this byte.
    pub(super) fn end_row(&mut self, byte: u64) {
        self.row = byte;
    }

    /// Whether the current row exceeds the limit. Nothing after it is read.
    pub(super) fn is_too_long(&self) -> bool {
        self.marker != Marker::NotDue && self.read - self.row > MAX_ROW_BYTES
    }

    /// Whether the marker ends at this byte.
    pub(super) fn marker_ends_at(&self, byte: u64) -> bool {
        self.marker == Marker::Read && byte == self.read
    }

    fn count(&mut self, bytes: &[u8]) {
        let line_feeds = bytes
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\n')
            .count();
        self.read += bytes.len() as u64;
        if line_feeds < bytes.len() {
            self.blank = self.read - line_feeds as u64;
        }
    }

    fn is_at_line_start(&self) -> bool {
        self.read == 0 || self.blank < self.read
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The parser has consumed all rows read so far.
        if self.blank <= self.row {
            self.row = self.read;
        }
        let Some(first) = buffer.first_mut() else {
            return Ok(0);
        };
        match self.marker {
            Marker::NotDue if self.read - self.row > MAX_ROW_BYTES => self.marker = Marker::Due,
            Marker::NotDue => {
                let read = self.inner.read(buffer)?;
                if read > 0 {
                    self.count(&buffer[..read]);
                    return Ok(read);
                }
                self.marker = Marker::Due;
                return self.read(buffer);
            }
            Marker::Due if self.is_at_line_start() => {
                self.marker = Marker::Read;
                *first = b'"';
                self.count(b"\"");
                return Ok(1);
            }
            Marker::Due => {}
            Marker::Read => return Ok(0),
        }
        // The line feed of the last row, or of one that is cut off because it is too long.
        *first = b'\n';
        self.count(b"\n");
        Ok(1)
    }
}
