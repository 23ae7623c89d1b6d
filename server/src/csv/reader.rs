//! The rows of a file, each a person or a reason why not.

use std::{fmt, io};

use csv::ByteRecord;

use super::{
    Columns,
    records::{Records, lines},
    utf8::Utf8,
};
use frontdesk_directory::{Email, Name, NewUser};

/// Reads people out of a CSV file. Byte order mark, CRLF, quotes and empty lines are dealt with.
#[derive(Debug)]
pub struct Reader<R> {
    records: Records<Utf8<R>>,
    headings: ByteRecord,
    columns: Columns,
}

/// A row that is not empty.
#[derive(Debug)]
pub struct Row<'reader> {
    /// The line of the file that it begins on; the headings are on line 1 as a rule.
    pub line: u64,
    /// All of its columns, as they are; the last may end with a carriage return.
    pub record: &'reader ByteRecord,
    /// Who is in it, or why nobody is.
    pub person: Result<NewUser, String>,
}

/// What makes the file unreadable from here on.
#[derive(Debug)]
pub struct FileError(pub(super) String);

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FileError {}

impl<R: io::Read> Reader<R> {
    /// Reads the headings.
    ///
    /// # Errors
    /// The file can't be read, is empty, or lacks a column that is needed.
    pub fn new(file: R) -> Result<Self, FileError> {
        let file = Utf8::check(file).map_err(FileError)?;
        let mut records = Records::new(file);
        let Some((_, headings)) = records.next()? else {
            return Err(FileError(
                "it is empty: a row of headings is needed".to_owned(),
            ));
        };
        let columns = Columns::find(headings).map_err(FileError)?;
        let headings = without_carriage_return(headings);
        Ok(Self {
            records,
            headings,
            columns,
        })
    }

    /// Which columns are used.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The file's headings.
    #[must_use]
    pub fn headings(&self) -> &ByteRecord {
        &self.headings
    }

    /// How many bytes of the file have been read.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.records.position()
    }

    /// The next row that is not empty, or `None` at the end.
    ///
    /// # Errors
    /// The file can't be read from here on.
    pub fn row(&mut self) -> Result<Option<Row<'_>>, FileError> {
        let (headings, columns) = (&self.headings, &self.columns);
        Ok(self.records.next()?.map(|(line, record)| {
            let person = person(record, headings.len(), columns).map_err(|why| {
                match lines(record.as_slice()) {
                    0 => why,
                    // Most likely a quotation mark that the next row's has closed.
                    more => {
                        let last = line + more;
                        format!("{why}; by its quotation marks the row goes on to line {last}")
                    }
                }
            });
            Row {
                line,
                record,
                person,
            }
        }))
    }
}

fn person(record: &ByteRecord, headings: usize, columns: &Columns) -> Result<NewUser, String> {
    let surplus = record.iter().skip(headings);
    if surplus
        .clone()
        .any(|column| !column.trim_ascii().is_empty())
    {
        // Most likely a comma without quotes: what is behind it is in the wrong column.
        let has = record.len();
        return Err(format!(
            "the row has {has} columns, the headings {headings}"
        ));
    }
    let name = Name::parse(&columns.name(record)?).map_err(|why| why.to_string())?;
    let email = Email::parse(columns.email(record)?).map_err(|why| why.to_string())?;
    Ok(NewUser { name, email })
}

fn without_carriage_return(record: &ByteRecord) -> ByteRecord {
    let last = record.len().saturating_sub(1);
    let columns = record.iter().enumerate().map(|(column, bytes)| {
        if column == last {
            bytes.strip_suffix(b"\r").unwrap_or(bytes)
        } else {
            bytes
        }
    });
    columns.collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::records::{NEVER, NOT_IN_A_ROW, TOO_LONG},
        *,
    };

    type Read = (u64, Result<(String, String), String>);

    fn read(file: &[u8]) -> Vec<Read> {
        let mut reader = Reader::new(file).unwrap_or_else(|why| panic!("{why}"));
        let mut rows = Vec::new();
        while let Some(row) = reader.row().expect("readable") {
            let person = row
                .person
                .map(|person| (person.name.into_string(), person.email.into_string()));
            rows.push((row.line, person));
        }
        rows
    }

    fn ada(line: u64) -> Read {
        (line, Ok(("Ada".to_owned(), "ada@example.org".to_owned())))
    }

    #[test]
    fn byte_order_mark_crlf_quotes_and_empty_lines_are_dealt_with() {
        for file in [
            "\u{feff}name,email\r\nAda,ada@example.org\r\n",
            "\u{feff}\"name\",\"email\"\r\n\"Ada\",\"ada@example.org\"\r\n",
            "name,email\nAda,ada@example.org",
            "name,email\r\nAda,ada@example.org\r",
            "email,name,phone\r\nada@example.org,Ada,\r\n",
            "name,email\nAda,ada@example.org,,\n",
        ] {
            assert_eq!(read(file.as_bytes()), [ada(2)], "{file:?}");
        }
        let gaps =
            "\r\n\n,,\nname,email\r\n\r\n\n,\r\n  \nAda,ada@example.org\n\n\nAda,ada@example.org";
        assert_eq!(read(gaps.as_bytes()), [ada(9), ada(12)]);
    }

    #[test]
    fn lines_are_counted_through_quotes_and_whatever_ends_them() {
        let file = "name,email,note\r\nAda,ada@example.org,\"two\r\nlines, \"\"quoted\"\"\"\r\n\r\n\
                    Ada,ada@example.org,x\nAda,ada@example.org,\"\n\n\"\nAda,ada@example.org";
        assert_eq!(read(file.as_bytes()), [ada(2), ada(5), ada(6), ada(9)]);
    }

    #[test]
    fn a_row_that_is_not_utf8_is_refused_and_the_file_is_not() {
        let rows = read(b"name,email,note\nJos\xe9,jose@example.org,\nAda,ada@example.org,\xff\n");
        assert_eq!(rows, [(2, Err("the name is not UTF-8".to_owned())), ada(3)]);
    }

    #[test]
    fn rows_of_the_wrong_length_say_so() {
        let rows = read(b"name,email\nAda\nLovelace, Ada,ada@example.org\n");
        let why: Vec<_> = rows
            .into_iter()
            .map(|(_, person)| person.expect_err("refused"))
            .collect();
        let long = "the row has 3 columns, the headings 2";
        assert_eq!(why, ["the row ends before its email", long]);
    }

    #[test]
    fn a_bad_name_or_email_is_refused_in_its_own_words() {
        for (row, word) in [
            (",ada@example.org", "a name is required"),
            ("A\0da,ada@example.org", "control characters"),
            ("Ada,", "an email address is required"),
            ("Ada,ada.example.org", "the @ is missing"),
        ] {
            let rows = read(format!("name,email\n{row}\n").as_bytes());
            let why = rows[0].1.as_ref().expect_err("refused");
            assert!(why.contains(word), "{row}: {why}");
        }
    }

    #[test]
    fn a_file_without_headings_is_refused() {
        for (file, word) in [
            (&b""[..], "empty"),
            (b"\n\r\n", "empty"),
            (b"Ada,ada@example.org\n", "no column \"name\""),
        ] {
            let why = Reader::new(file).expect_err("refused").to_string();
            assert!(why.contains(word), "{why}");
        }
    }

    /// The lines of the rows before the file can't be read any further, and why.
    fn broken_off(file: &[u8]) -> (Vec<u64>, String) {
        let mut lines = Vec::new();
        let mut reader = match Reader::new(file) {
            Ok(reader) => reader,
            Err(why) => return (lines, why.to_string()),
        };
        loop {
            match reader.row() {
                Ok(Some(row)) => lines.push(row.line),
                Ok(None) => panic!("it was read to its end: {lines:?}"),
                Err(why) => return (lines, why.to_string()),
            }
        }
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_named_by_its_line() {
        let ada = "Ada,ada@example.org";
        for (file, rows, line) in [
            (
                format!("name,email\n{ada}\n\"Bob,b@c.de\n{ada}\n{ada}\n"),
                vec![2],
                3,
            ),
            (
                format!("\u{feff}name,email\r\n{ada}\r\n\"Bob,b@c.de\r\n{ada}"),
                vec![2],
                3,
            ),
            (
                format!("name,email\n\n\"\nAda\",\"ada@example.org\n{ada}\n"),
                vec![],
                4,
            ),
            (format!("name,email\n{ada}\n{ada},\"\"\"\n\n"), vec![2], 3),
            (format!("name,email\n{ada}\n\"\n"), vec![2], 3),
            (format!("name,email\n{ada}\n\""), vec![2], 3),
            (format!("name,\"email\n{ada}\n"), vec![], 1),
        ] {
            let (lines, why) = broken_off(file.as_bytes());
            assert_eq!(why, format!("line {line}: {NEVER}"), "{file:?}");
            assert_eq!(lines, rows, "{file:?}");
        }
    }

    #[test]
    fn quotation_marks_that_are_closed_at_the_very_end_are_no_reason() {
        for end in ["", "\n", "\r\n", "\n\n\n", "\n\"\"", "\n\"\n\"\n"] {
            let file = format!("name,email\n\"Ada\",\"ada@example.org\"{end}");
            assert_eq!(read(file.as_bytes()), [ada(2)], "{file:?}");
        }
        let file = "name,email,note\nAda,ada@example.org,\"a\n\"\"b\"\"\n\n\"";
        assert_eq!(read(file.as_bytes()), [ada(2)]);
    }

    #[test]
    fn a_refused_row_of_many_lines_says_how_far_it_goes() {
        let rows = read(b"name,email\n\"Bob,bob@example.org\n\"Ada\",ada@example.org\nx,y\n");
        let (line, why) = &rows[0];
        let why = why.as_ref().expect_err("refused");
        assert_eq!(*line, 2);
        assert!(why.ends_with("the row goes on to line 3"), "{why}");
        assert_eq!(rows[1].0, 4);
    }

    #[test]
    fn blank_lines_make_the_row_behind_them_no_longer() {
        let blank = "\n".repeat(3 << 20);
        let line = 3 + (3 << 20);
        let file = format!("name,email\nAda,ada@example.org\n{blank}Ada,ada@example.org\n{blank}");
        assert_eq!(read(file.as_bytes()), [ada(2), ada(line)]);
        let file = format!("{blank}name,email\n{blank}\"Ada{blank}");
        let why = format!("line {}: {NOT_IN_A_ROW}", (6 << 20) + 2);
        assert_eq!(broken_off(file.as_bytes()), (vec![], why));
    }

    #[test]
    fn neither_a_row_nor_a_quotation_takes_the_rest_of_a_file_into_memory() {
        let rest = "x\n".repeat(2 << 20);
        let file = format!("name,email\nAda,ada@example.org\n\"Ada,{rest}");
        let why = format!("line 3: {NOT_IN_A_ROW}");
        assert_eq!(broken_off(file.as_bytes()), (vec![2], why));
        let rest = "x".repeat(2 << 20);
        let file = format!("name,email\nAda,ada@example.org\nAda,{rest}\nx,y\n");
        let why = format!("line 3: {TOO_LONG}");
        assert_eq!(broken_off(file.as_bytes()), (vec![2], why));
    }
}
