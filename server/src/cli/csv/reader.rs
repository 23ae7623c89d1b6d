//! Parses the rows of a CSV file.

use std::{fmt, io};

use csv::ByteRecord;
use frontdesk_directory::{Email, Name, NewUser};

use super::{
    columns::Columns,
    records::{Records, count_line_feeds},
    utf16::NotUtf16,
};

/// Reads users from a CSV file in UTF-8. Accepts a byte order mark, CRLF, and blank lines.
#[derive(Debug)]
pub(in crate::cli) struct Reader<R> {
    records: Records<NotUtf16<R>>,
    headings: ByteRecord,
    columns: Columns,
}

/// A row that is not blank.
#[derive(Debug)]
pub(in crate::cli) struct Row<'reader> {
    /// The line that it begins on; the headings are usually on line 1.
    pub(in crate::cli) line: u64,
    pub(in crate::cli) record: &'reader ByteRecord,
    /// The user, or why the row is rejected.
    pub(in crate::cli) user: Result<NewUser, String>,
}

/// Why the rest of the file cannot be read.
#[derive(Debug)]
pub(in crate::cli) struct FileError(String);

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<R: io::Read> Reader<R> {
    /// Reads the headings.
    ///
    /// # Errors
    /// The file cannot be read, is empty, or lacks a required column.
    pub(in crate::cli) fn new(file: R) -> Result<Self, FileError> {
        let mut records = Records::new(NotUtf16::check(file).map_err(FileError)?);
        let headings = records.next().map_err(FileError)?;
        let headings = headings
            .ok_or_else(|| FileError("is empty: a row of headings is required".to_owned()))?
            .clone();
        let columns = Columns::find(&headings).map_err(FileError)?;
        Ok(Self {
            records,
            headings,
            columns,
        })
    }

    /// The headings of columns that are not used, printable.
    pub(in crate::cli) fn ignored_columns(&self) -> &[String] {
        &self.columns.ignored
    }

    pub(in crate::cli) fn headings(&self) -> &ByteRecord {
        &self.headings
    }

    /// How many bytes of the file have been read.
    pub(in crate::cli) fn position(&self) -> u64 {
        self.records.position()
    }

    /// The next row that is not blank.
    ///
    /// # Errors
    /// The rest of the file cannot be read.
    pub(in crate::cli) fn row(&mut self) -> Result<Option<Row<'_>>, FileError> {
        let (headings, columns) = (&self.headings, &self.columns);
        Ok(self.records.next().map_err(FileError)?.map(|record| {
            let line = line(record);
            let user = parse(record, headings.len(), columns).map_err(|reason| {
                match count_line_feeds(record.as_slice()) {
                    0 => reason,
                    // Most likely the quotation mark of another row closed a stray one.
                    more => {
                        let last = line + more;
                        format!(
                            "{reason}; because of quotation marks the row extends to line {last}"
                        )
                    }
                }
            });
            Row { line, record, user }
        }))
    }
}

/// The line that a record begins on.
pub(in crate::cli) fn line(record: &ByteRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

fn parse(record: &ByteRecord, headings: usize, columns: &Columns) -> Result<NewUser, String> {
    let mut surplus = record.iter().skip(headings);
    if surplus.any(|field| !field.trim_ascii().is_empty()) {
        // Most likely a comma without quotation marks, which shifts all fields after it.
        return Err(format!(
            "the row has {} fields, but there are {headings} headings",
            record.len()
        ));
    }
    let name = Name::parse(&columns.name(record)?).map_err(|error| error.to_string())?;
    let email = Email::parse(columns.email(record)?).map_err(|error| error.to_string())?;
    Ok(NewUser { name, email })
}

#[cfg(test)]
mod tests {
    use super::{
        super::records::{QUOTE_TOO_LONG, ROW_TOO_LONG, UNCLOSED_QUOTE},
        *,
    };

    type Parsed = (u64, Result<(String, String), String>);

    fn read(file: &[u8]) -> Vec<Parsed> {
        let mut reader = Reader::new(file).unwrap_or_else(|error| panic!("{error}"));
        let mut rows = Vec::new();
        while let Some(row) = reader.row().expect("readable") {
            let user = row
                .user
                .map(|user| (user.name.into_string(), user.email.into_string()));
            rows.push((row.line, user));
        }
        rows
    }

    fn ada(line: u64) -> Parsed {
        (line, Ok(("Ada".to_owned(), "ada@example.org".to_owned())))
    }

    #[test]
    fn byte_order_mark_crlf_quotes_and_blank_lines_are_accepted() {
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
    fn lines_are_counted_in_quotes_and_with_any_line_ending() {
        let file = "name,email,note\r\nAda,ada@example.org,\"two\r\nlines, \"\"quoted\"\"\"\r\n\r\n\
                    Ada,ada@example.org,x\nAda,ada@example.org,\"\n\n\"\nAda,ada@example.org";
        assert_eq!(read(file.as_bytes()), [ada(2), ada(5), ada(6), ada(9)]);
    }

    #[test]
    fn a_row_that_is_not_utf8_is_rejected_and_the_file_is_not() {
        let rows = read(b"name,email,note\nJos\xe9,jose@example.org,\nAda,ada@example.org,\xff\n");
        assert_eq!(rows, [(2, Err("the name is not UTF-8".to_owned())), ada(3)]);
    }

    #[test]
    fn rows_of_the_wrong_length_are_rejected() {
        let rows = read(b"name,email\nAda\nLovelace, Ada,ada@example.org\n");
        let reasons: Vec<_> = rows
            .into_iter()
            .map(|(_, user)| user.expect_err("rejected"))
            .collect();
        let long = "the row has 3 fields, but there are 2 headings";
        assert_eq!(reasons, ["the row has no email", long]);
    }

    #[test]
    fn an_invalid_name_or_email_is_rejected_with_the_reason() {
        for (row, word) in [
            (",ada@example.org", "a name is required"),
            ("A\0da,ada@example.org", "control characters"),
            ("Ada,", "an email address is required"),
            ("Ada,ada.example.org", "the @ is missing"),
        ] {
            let rows = read(format!("name,email\n{row}\n").as_bytes());
            let error = rows[0].1.as_ref().expect_err("rejected");
            assert!(error.contains(word), "{row}: {error}");
        }
    }

    #[test]
    fn a_file_without_headings_is_rejected() {
        for (file, word) in [
            (&b""[..], "empty"),
            (b"\n\r\n", "empty"),
            (b"Ada,ada@example.org\n", "no column \"name\""),
        ] {
            let error = Reader::new(file).expect_err("rejected").to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    /// The lines of the rows before the error, and the error.
    fn read_until_error(file: &[u8]) -> (Vec<u64>, String) {
        let mut lines = Vec::new();
        let mut reader = match Reader::new(file) {
            Ok(reader) => reader,
            Err(error) => return (lines, error.to_string()),
        };
        loop {
            match reader.row() {
                Ok(Some(row)) => lines.push(row.line),
                Ok(None) => panic!("there was no error: {lines:?}"),
                Err(error) => return (lines, error.to_string()),
            }
        }
    }

    #[test]
    fn an_unclosed_quotation_mark_is_reported_with_its_line() {
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
            let (lines, error) = read_until_error(file.as_bytes());
            assert_eq!(error, format!("line {line}: {UNCLOSED_QUOTE}"), "{file:?}");
            assert_eq!(lines, rows, "{file:?}");
        }
    }

    #[test]
    fn quotation_marks_that_are_closed_at_the_end_of_the_file_are_accepted() {
        for end in ["", "\n", "\r\n", "\n\n\n", "\n\"\"", "\n\"\n\"\n"] {
            let file = format!("name,email\n\"Ada\",\"ada@example.org\"{end}");
            assert_eq!(read(file.as_bytes()), [ada(2)], "{file:?}");
        }
        let file = "name,email,note\nAda,ada@example.org,\"a\n\"\"b\"\"\n\n\"";
        assert_eq!(read(file.as_bytes()), [ada(2)]);
    }

    #[test]
    fn a_rejected_row_of_several_lines_is_reported_with_its_last_line() {
        let rows = read(b"name,email\n\"Bob,bob@example.org\n\"Ada\",ada@example.org\nx,y\n");
        let (line, user) = &rows[0];
        let reason = user.as_ref().expect_err("rejected");
        assert_eq!(*line, 2);
        assert!(reason.ends_with("the row extends to line 3"), "{reason}");
        assert_eq!(rows[1].0, 4);
    }

    #[test]
    fn blank_lines_do_not_count_towards_the_length_of_a_row() {
        let blank = "\n".repeat(3 << 20);
        let line = 3 + (3 << 20);
        let file = format!("name,email\nAda,ada@example.org\n{blank}Ada,ada@example.org\n{blank}");
        assert_eq!(read(file.as_bytes()), [ada(2), ada(line)]);
        let file = format!("{blank}name,email\n{blank}\"Ada{blank}");
        let error = format!("line {}: {QUOTE_TOO_LONG}", (6 << 20) + 2);
        assert_eq!(read_until_error(file.as_bytes()), (vec![], error));
    }

    #[test]
    fn the_length_of_rows_and_quoted_fields_is_limited() {
        let rest = "x\n".repeat(2 << 20);
        let file = format!("name,email\nAda,ada@example.org\n\"Ada,{rest}");
        let error = format!("line 3: {QUOTE_TOO_LONG}");
        assert_eq!(read_until_error(file.as_bytes()), (vec![2], error));
        let rest = "x".repeat(2 << 20);
        let file = format!("name,email\nAda,ada@example.org\nAda,{rest}\nx,y\n");
        let error = format!("line 3: {ROW_TOO_LONG}");
        assert_eq!(read_until_error(file.as_bytes()), (vec![2], error));
    }
}
