//! What stands between a file and the CSV parser.

use std::io::{self, Read};

/// The longest row, in bytes. Without a bound a quotation mark that is never closed would take
/// all that follows into memory.
const LONGEST_ROW: u64 = 1 << 20;

/// Bounds the length of a row, and marks the end of the file.
///
/// The parser takes the end of a file for the end of whatever it is in the middle of. So a line
/// feed ends the last row where the file does not, and after it comes a quotation mark of our own:
/// where all others are closed, it opens one more row, an empty one; where one is not, it closes
/// that, and the row that was swallowed by it comes out with its last byte.
#[derive(Debug)]
pub(super) struct Guard<R> {
    inner: R,
    /// Where the row now read begins, or the line feeds before it: those make no row longer.
    row: u64,
    /// Where the line feeds begin that what was given ends with.
    blank: u64,
    given: u64,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    NotYet,
    /// The mark is to be given.
    Marked,
    Given,
}

impl<R> Guard<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            row: 0,
            blank: 0,
            given: 0,
            end: End::NotYet,
        }
    }

    /// A row is complete, and ends at this byte: the next one may be as long again.
    pub(super) fn row_read(&mut self, byte: u64) {
        self.row = byte;
    }

    /// Whether the row now read was longer than a row may be: what is behind it is not read.
    pub(super) fn too_long(&self) -> bool {
        self.end != End::NotYet && self.given - self.row > LONGEST_ROW
    }

    /// Whether what ends at this byte ends with the mark.
    pub(super) fn marked(&self, byte: u64) -> bool {
        self.end == End::Given && byte == self.given
    }
}

impl<R> Guard<R> {
    /// Counts what is given.
    fn give(&mut self, bytes: &[u8]) {
        let ending = bytes
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\n')
            .count();
        self.given += bytes.len() as u64;
        if ending < bytes.len() {
            self.blank = self.given - ending as u64;
        }
    }

    fn is_at_a_lines_begin(&self) -> bool {
        self.given == 0 || self.blank < self.given
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // All that was given before has been parsed.
        if self.blank <= self.row {
            self.row = self.given;
        }
        let Some(first) = buffer.first_mut() else {
            return Ok(0);
        };
        match self.end {
            End::NotYet if self.given - self.row > LONGEST_ROW => self.end = End::Marked,
            End::NotYet => {
                let read = self.inner.read(buffer)?;
                if read > 0 {
                    self.give(&buffer[..read]);
                    return Ok(read);
                }
                self.end = End::Marked;
                return self.read(buffer);
            }
            End::Marked if self.is_at_a_lines_begin() => {
                self.end = End::Given;
                *first = b'"';
                self.give(b"\"");
                return Ok(1);
            }
            End::Marked => {}
            End::Given => return Ok(0),
        }
        // The last row ends with a line feed, and one that is too long is cut off with one.
        *first = b'\n';
        self.give(b"\n");
        Ok(1)
    }
}
