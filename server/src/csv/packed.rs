//! Many rows in few allocations.

use std::ops::Range;

use csv::ByteRecord;

/// Rows as they were read, kept for who may want to see one again. A million rows of ten columns
/// each on their own would keep two threads busy with memory alone.
#[derive(Debug, Default)]
pub struct PackedRows {
    bytes: Vec<u8>,
    /// Where each column ends, row after row.
    ends: Vec<usize>,
    rows: Vec<Packed>,
}

#[derive(Debug)]
struct Packed {
    line: u64,
    columns: Range<usize>,
    begin: usize,
}

impl PackedRows {
    /// Adds a row that begins on this line. The carriage return before its end is not of the row.
    pub fn push(&mut self, line: u64, record: &ByteRecord) {
        let (begin, first) = (self.bytes.len(), self.ends.len());
        for column in record {
            self.bytes.extend_from_slice(column);
            self.ends.push(self.bytes.len());
        }
        if self.bytes[begin..].ends_with(b"\r") {
            self.bytes.pop();
            if let Some(end) = self.ends.last_mut() {
                *end = self.bytes.len();
            }
        }
        let columns = first..self.ends.len();
        self.rows.push(Packed {
            line,
            columns,
            begin,
        });
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// How many bytes they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len() + size_of_val(self.ends.as_slice())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The line and the columns of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<(u64, impl Iterator<Item = &[u8]>)> {
        let packed = self.rows.get(row)?;
        let mut begin = packed.begin;
        let columns = self.ends[packed.columns.clone()].iter().map(move |end| {
            let column = &self.bytes[begin..*end];
            begin = *end;
            column
        });
        Some((packed.line, columns))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_as_they_went_in() {
        let rows = [
            vec!["Ada", "", "ada@example.org"],
            vec![""],
            vec!["", "x\r"],
            vec!["\r"],
        ];
        let mut packed = PackedRows::default();
        for (line, row) in (2..).zip(&rows) {
            packed.push(line, &ByteRecord::from(row.as_slice()));
        }
        assert_eq!(packed.len(), 4);
        let get = |row| {
            packed
                .get(row)
                .map(|(line, columns)| (line, columns.collect::<Vec<_>>()))
        };
        assert_eq!(
            get(0),
            Some((2, vec![&b"Ada"[..], b"", b"ada@example.org"]))
        );
        assert_eq!(get(1), Some((3, vec![&b""[..]])));
        assert_eq!(
            get(2),
            Some((4, vec![&b""[..], b"x"])),
            "without its carriage return"
        );
        assert_eq!(get(3), Some((5, vec![&b""[..]])));
        assert!(get(4).is_none());
    }
}
