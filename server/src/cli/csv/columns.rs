//! Finds the columns with names and email addresses by their headings.

use std::borrow::Cow;

use csv::ByteRecord;

use crate::cli::output::printable;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    name: NameColumns,
    email: usize,
    /// The headings of the other columns, printable.
    pub(super) ignored: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameColumns {
    Full(usize),
    Parts { first: usize, last: usize },
}

const NAME: &[&str] = &["name", "fullname"];
const FIRST: &[&str] = &["firstname", "first", "givenname", "given", "forename"];
const LAST: &[&str] = &["lastname", "last", "familyname", "family", "surname"];
const EMAIL: &[&str] = &["email", "emailaddress", "mail"];

impl Columns {
    /// Headings match in any order and case, with or without spaces, hyphens and underscores.
    ///
    /// # Errors
    /// A required column is missing or ambiguous.
    pub(super) fn find(headings: &ByteRecord) -> Result<Self, String> {
        let headings: Vec<_> = headings.iter().map(String::from_utf8_lossy).collect();
        let email = find_one(&headings, EMAIL)?;
        let name = find_one(&headings, NAME)?;
        let first = find_one(&headings, FIRST)?;
        let last = find_one(&headings, LAST)?;
        let name = match (name, first, last) {
            (Some(name), _, _) => Some(NameColumns::Full(name)),
            (None, Some(first), Some(last)) => Some(NameColumns::Parts { first, last }),
            _ => None,
        };
        let (Some(name), Some(email)) = (name, email) else {
            return Err(describe_missing(&headings, name.is_none(), email.is_none()));
        };
        let is_used = |column| match name {
            NameColumns::Full(name) => column == email || column == name,
            NameColumns::Parts { first, last } => [email, first, last].contains(&column),
        };
        let ignored = headings
            .iter()
            .enumerate()
            .filter(|(column, _)| !is_used(*column))
            .map(|(_, heading)| printable(heading))
            .collect();
        Ok(Self {
            name,
            email,
            ignored,
        })
    }

    /// The name in a row, joined if the file has it in two columns.
    ///
    /// # Errors
    /// The row has no such field, or it is not UTF-8.
    pub(super) fn name<'row>(&self, row: &'row ByteRecord) -> Result<Cow<'row, str>, String> {
        match self.name {
            NameColumns::Full(name) => field(row, name, "name").map(Cow::Borrowed),
            NameColumns::Parts { first, last } => {
                let first = field(row, first, "first name")?.trim();
                let last = field(row, last, "last name")?.trim();
                Ok(match (first, last) {
                    (first, "") => Cow::Borrowed(first),
                    ("", last) => Cow::Borrowed(last),
                    (first, last) => Cow::Owned([first, last].join(" ")),
                })
            }
        }
    }

    /// # Errors
    /// The row has no such field, or it is not UTF-8.
    pub(super) fn email<'row>(&self, row: &'row ByteRecord) -> Result<&'row str, String> {
        field(row, self.email, "email")
    }
}

fn field<'row>(row: &'row ByteRecord, column: usize, name: &str) -> Result<&'row str, String> {
    let bytes = row
        .get(column)
        .ok_or_else(|| format!("the row has no {name}"))?;
    str::from_utf8(bytes).map_err(|_| format!("the {name} is not UTF-8"))
}

/// The column whose heading is one of `names`.
fn find_one(headings: &[Cow<'_, str>], names: &[&str]) -> Result<Option<usize>, String> {
    let mut columns = (0..headings.len())
        .filter(|column| names.contains(&normalize(&headings[*column]).as_str()));
    match (columns.next(), columns.next()) {
        (Some(one), Some(other)) => Err(format!(
            "the headings \"{}\" and \"{}\" have the same meaning: remove one",
            printable(&headings[one]),
            printable(&headings[other]),
        )),
        (column, _) => Ok(column),
    }
}

fn normalize(heading: &str) -> String {
    let letters = heading
        .chars()
        .filter(|c| !c.is_whitespace() && !"-_.\u{feff}".contains(*c));
    letters.flat_map(char::to_lowercase).collect()
}

fn describe_missing(headings: &[Cow<'_, str>], name: bool, email: bool) -> String {
    let missing = match (name, email) {
        (true, true) => "\"name\" (or \"first name\" and \"last name\") and no column \"email\"",
        (true, false) => "\"name\" (or \"first name\" and \"last name\")",
        _ => "\"email\"",
    };
    let found: Vec<_> = headings.iter().map(|heading| printable(heading)).collect();
    // What is not a CSV file can have a heading of any length.
    let message = format!(
        "there is no column {missing}; the headings are: {:.300}",
        found.join(", ")
    );
    // Spreadsheets separate fields by semicolons where the comma is the decimal separator.
    match headings {
        [heading] if heading.contains([';', '\t', '|']) => {
            message + "; fields must be separated by commas"
        }
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(headings: &[&str]) -> Result<Columns, String> {
        Columns::find(&ByteRecord::from(headings))
    }

    fn parse(columns: &Columns, row: &[&str]) -> (String, String) {
        let row = ByteRecord::from(row);
        let name = columns.name(&row).expect("a name").into_owned();
        (name, columns.email(&row).expect("an email").to_owned())
    }

    #[test]
    fn columns_are_found_in_any_order_case_and_spelling() {
        for headings in [
            ["name", "email"],
            [" NAME ", "E-Mail"],
            ["Full Name", "EMAIL_ADDRESS"],
            ["\u{feff}name", "e-mail address"],
        ] {
            let columns = find(&headings).unwrap_or_else(|error| panic!("{headings:?}: {error}"));
            let ada = ("Ada".to_owned(), "ada@example.org".to_owned());
            assert_eq!(parse(&columns, &["Ada", "ada@example.org"]), ada);
            let reversed = [headings[1], headings[0]];
            let columns = find(&reversed).unwrap_or_else(|error| panic!("{reversed:?}: {error}"));
            assert_eq!(parse(&columns, &["ada@example.org", "Ada"]), ada);
        }
    }

    #[test]
    fn first_and_last_names_are_joined() {
        for headings in [
            ["Email", "First Name", "Last Name"],
            ["email", "given_name", "family-name"],
            ["E-mail", "FirstName", "surname"],
        ] {
            let columns = find(&headings).unwrap_or_else(|error| panic!("{headings:?}: {error}"));
            for (row, name) in [
                (["a@b.c", "Ada", "Lovelace"], "Ada Lovelace"),
                (["a@b.c", " Ada ", " "], "Ada"),
                (["a@b.c", "", "Lovelace"], "Lovelace"),
            ] {
                assert_eq!(parse(&columns, &row).0, name);
            }
        }
    }

    #[test]
    fn a_full_name_takes_precedence_and_other_columns_are_ignored() {
        let columns = find(&["Index", "First name", "Last name", "Name", "Email", "Phone"]);
        let columns = columns.expect("columns");
        assert_eq!(columns.name, NameColumns::Full(3));
        assert_eq!(
            columns.ignored,
            ["Index", "First name", "Last name", "Phone"]
        );
    }

    #[test]
    fn missing_columns_are_reported_with_the_headings() {
        let error = find(&["First name", "Phone"]).expect_err("neither");
        for expected in [
            "\"name\"",
            "\"last name\"",
            "\"email\"",
            "First name, Phone",
        ] {
            assert!(error.contains(expected), "{error}");
        }
        assert!(!error.contains("commas"), "{error}");
        for other in ["name;email", "name\temail"] {
            let error = find(&[other]).expect_err("one column");
            assert!(error.ends_with("separated by commas"), "{error}");
        }
        let error = find(&["name", "phone"]).expect_err("no email");
        assert!(
            error.starts_with("there is no column \"email\";"),
            "{error}"
        );
    }

    #[test]
    fn control_characters_in_headings_are_escaped() {
        let columns = find(&["name", "email", "\u{1b}[31mred"]).expect("columns");
        assert_eq!(columns.ignored, ["\\u{1b}[31mred"]);
        for headings in [["name", "\u{1b}]0;x\u{7}"], ["email", "\u{0}E-mail"]] {
            let error = find(&headings).expect_err("no such columns");
            assert!(!error.contains(char::is_control), "{error:?}");
        }
    }

    #[test]
    fn two_headings_with_the_same_meaning_are_rejected() {
        let error = find(&["name", "Email", "E-mail"]).expect_err("ambiguous");
        assert!(error.contains("\"Email\" and \"E-mail\""), "{error}");
    }
}
