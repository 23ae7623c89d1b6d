//! What stands between a file and the CSV parser.

use std::io::{self, Read};

/// The longest row, in bytes. Without a bound a quotation mark that is never closed would take
/// all that follows into memory.
const LONGEST_ROW: usize = 1 << 20;

/// Bounds the length of a row, and marks the end of the file.
///
/// The parser takes the end of a file for the end of whatever it is in the middle of. So a line
/// feed ends the last row where the file does not, and after it comes a quotation mark of our own:
/// where all others are closed, it opens one more row, an empty one; where one is not, it closes
/// that, and the row that was swallowed by it comes out with its last byte.
#[derive(Debug)]
pub(super) struct Guard<R> {
    inner: R,
    since_row: usize,
    last: u8,
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
            since_row: 0,
            last: b'\n',
            given: 0,
            end: End::NotYet,
        }
    }

    /// A row is complete: the next one may be as long again.
    pub(super) fn row_read(&mut self) {
        self.since_row = 0;
    }

    /// Whether the row now read was longer than a row may be: what is behind it is not read.
    pub(super) fn too_long(&self) -> bool {
        self.end != End::NotYet && self.since_row > LONGEST_ROW
    }

    /// Whether what ends at this byte ends with the mark.
    pub(super) fn marked(&self, byte: u64) -> bool {
        self.end == End::Given && byte == self.given
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(first) = buffer.first_mut() else {
            return Ok(0);
        };
        match self.end {
            End::NotYet if self.since_row > LONGEST_ROW => self.end = End::Marked,
            End::NotYet => {
                let read = self.inner.read(buffer)?;
                if let Some(last) = buffer[..read].last() {
                    self.last = *last;
                    self.since_row += read;
                    self.given += read as u64;
                    return Ok(read);
                }
                self.end = End::Marked;
                return self.read(buffer);
            }
            End::Marked if self.last == b'\n' => {
                self.end = End::Given;
                *first = b'"';
                self.given += 1;
                return Ok(1);
            }
            End::Marked => {}
            End::Given => return Ok(0),
        }
        // The last row ends with a line feed, and one that is too long is cut off with one.
        *first = b'\n';
        self.last = b'\n';
        self.given += 1;
        Ok(1)
    }
}
