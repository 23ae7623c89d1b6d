//! Where in a file the names and the emails are, by its headings.

use std::{borrow::Cow, fmt::Write};

use csv::ByteRecord;

use super::printable::shown;

/// Where the names and the emails are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    names: Names,
    email: usize,
    /// The headings of the columns that are not used, in their order, fit to be shown.
    pub ignored: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    Whole(usize),
    Parts { first: usize, last: usize },
}

const NAME: &[&str] = &["name", "fullname"];
const FIRST: &[&str] = &["firstname", "first", "givenname", "given", "forename"];
const LAST: &[&str] = &["lastname", "last", "familyname", "family", "surname"];
const EMAIL: &[&str] = &["email", "emailaddress", "mail"];

impl Columns {
    /// Finds the columns by their headings, in any order and case, with spaces, hyphens,
    /// underscores or nothing between their words.
    ///
    /// # Errors
    /// Says what was found and what is needed, where that is missing or there twice.
    pub fn find(headings: &ByteRecord) -> Result<Self, String> {
        let found: Vec<_> = headings.iter().map(String::from_utf8_lossy).collect();
        let email = only(&found, EMAIL)?;
        let name = only(&found, NAME)?;
        let first = only(&found, FIRST)?;
        let last = only(&found, LAST)?;
        let names = match (name, first, last) {
            (Some(name), _, _) => Some(Names::Whole(name)),
            (None, Some(first), Some(last)) => Some(Names::Parts { first, last }),
            _ => None,
        };
        let (Some(names), Some(email)) = (names, email) else {
            return Err(missing(&found, names.is_none(), email.is_none()));
        };
        let used = |column| match names {
            Names::Whole(name) => column == email || column == name,
            Names::Parts { first, last } => [email, first, last].contains(&column),
        };
        let ignored = found
            .iter()
            .enumerate()
            .filter(|(column, _)| !used(*column));
        let ignored = ignored.map(|(_, heading)| shown(heading)).collect();
        Ok(Self {
            names,
            email,
            ignored,
        })
    }

    /// The row's name, joined from its parts where the file has it in parts.
    ///
    /// # Errors
    /// Says what is wrong with the row.
    pub(super) fn name<'row>(&self, row: &'row ByteRecord) -> Result<Cow<'row, str>, String> {
        match self.names {
            Names::Whole(name) => text(row, name, "name").map(Cow::Borrowed),
            Names::Parts { first, last } => {
                let first = text(row, first, "first name")?.trim();
                let last = text(row, last, "last name")?.trim();
                Ok(match (first, last) {
                    (first, "") => Cow::Borrowed(first),
                    ("", last) => Cow::Borrowed(last),
                    (first, last) => Cow::Owned([first, last].join(" ")),
                })
            }
        }
    }

    /// The row's email.
    ///
    /// # Errors
    /// Says what is wrong with the row.
    pub(super) fn email<'row>(&self, row: &'row ByteRecord) -> Result<&'row str, String> {
        text(row, self.email, "email")
    }
}

fn text<'row>(row: &'row ByteRecord, column: usize, what: &str) -> Result<&'row str, String> {
    let bytes = row
        .get(column)
        .ok_or_else(|| format!("the row ends before its {what}"))?;
    std::str::from_utf8(bytes).map_err(|_| format!("the {what} is not UTF-8"))
}

/// The one column whose heading is one of `names`.
fn only(found: &[Cow<'_, str>], names: &[&str]) -> Result<Option<usize>, String> {
    let mut columns =
        (0..found.len()).filter(|column| names.contains(&plain(&found[*column]).as_str()));
    match (columns.next(), columns.next()) {
        (Some(one), Some(other)) => Err(format!(
            "the headings \"{}\" and \"{}\" mean the same: leave one",
            shown(&found[one]),
            shown(&found[other]),
        )),
        (column, _) => Ok(column),
    }
}

fn plain(heading: &str) -> String {
    let letters = heading
        .chars()
        .filter(|c| !c.is_whitespace() && !"-_.\u{feff}".contains(*c));
    letters.flat_map(char::to_lowercase).collect()
}

fn missing(found: &[Cow<'_, str>], name: bool, email: bool) -> String {
    let mut message = String::from("no column");
    if name {
        message.push_str(" \"name\" (or \"first name\" and \"last name\")");
    }
    if email {
        message.push_str(if name {
            " and none \"email\""
        } else {
            " \"email\""
        });
    }
    let headings: Vec<_> = found.iter().map(|heading| shown(heading)).collect();
    // Writing into a String does not fail. A file that is no table can have a heading of any size.
    write!(
        message,
        "; the headings found are: {:.300}",
        headings.join(", ")
    )
    .ok();
    // What spreadsheets write where the comma is the decimal point.
    if let [heading] = found
        && heading.contains([';', '\t', '|'])
    {
        message.push_str("; between columns there must be commas");
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(headings: &[&str]) -> Result<Columns, String> {
        Columns::find(&ByteRecord::from(headings))
    }

    fn person(columns: &Columns, row: &[&str]) -> (String, String) {
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
            let columns = find(&headings).unwrap_or_else(|why| panic!("{headings:?}: {why}"));
            let ada = ("Ada".to_owned(), "ada@example.org".to_owned());
            assert_eq!(person(&columns, &["Ada", "ada@example.org"]), ada);
            let turned = [headings[1], headings[0]];
            let columns = find(&turned).unwrap_or_else(|why| panic!("{turned:?}: {why}"));
            assert_eq!(person(&columns, &["ada@example.org", "Ada"]), ada);
        }
    }

    #[test]
    fn a_name_is_joined_from_its_parts() {
        for headings in [
            ["Email", "First Name", "Last Name"],
            ["email", "given_name", "family-name"],
            ["E-mail", "FirstName", "surname"],
        ] {
            let columns = find(&headings).unwrap_or_else(|why| panic!("{headings:?}: {why}"));
            for (row, name) in [
                (["a@b.c", "Ada", "Lovelace"], "Ada Lovelace"),
                (["a@b.c", " Ada ", " "], "Ada"),
                (["a@b.c", "", "Lovelace"], "Lovelace"),
            ] {
                assert_eq!(person(&columns, &row).0, name);
            }
        }
    }

    #[test]
    fn a_whole_name_goes_before_its_parts_and_the_rest_is_named() {
        let columns = find(&["Index", "First name", "Last name", "Name", "Email", "Phone"]);
        let columns = columns.expect("columns");
        assert_eq!(columns.names, Names::Whole(3));
        assert_eq!(
            columns.ignored,
            ["Index", "First name", "Last name", "Phone"]
        );
    }

    #[test]
    fn what_is_missing_is_named_with_what_was_found() {
        let why = find(&["First name", "Phone"]).expect_err("neither");
        for word in [
            "\"name\"",
            "\"last name\"",
            "\"email\"",
            "First name, Phone",
        ] {
            assert!(why.contains(word), "{why}");
        }
        assert!(!why.contains("commas"), "{why}");
        for other in ["name;email", "name\temail"] {
            let why = find(&[other]).expect_err("one column");
            assert!(why.ends_with("there must be commas"), "{why}");
        }
        let why = find(&["name", "phone"]).expect_err("no email");
        assert!(why.starts_with("no column \"email\";"), "{why}");
    }

    #[test]
    fn headings_are_shown_without_what_steers_a_terminal() {
        let columns = find(&["name", "email", "\u{1b}[31mred"]).expect("columns");
        assert_eq!(columns.ignored, ["\\u{1b}[31mred"]);
        for headings in [["name", "\u{1b}]0;x\u{7}"], ["email", "\u{0}E-mail"]] {
            let why = find(&headings).expect_err("no such columns");
            assert!(!why.contains(char::is_control), "{why:?}");
        }
    }

    #[test]
    fn two_headings_that_mean_the_same_are_refused() {
        let why = find(&["name", "Email", "E-mail"]).expect_err("ambiguous");
        assert!(why.contains("\"Email\" and \"E-mail\""), "{why}");
    }
}
