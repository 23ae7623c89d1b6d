//! Rows that are refused: listed, counted, correctable.

use std::fs;

use crate::{
    binary::{Place, text},
    helpers::{exported, refused},
};

#[test]
fn rows_that_are_refused_are_listed_with_line_and_reason_and_the_rest_is_kept() {
    let place = Place::new();
    let mut file = b"Email;not a column,Last Name,First Name,E-Mail\r\n\
        a,Lovelace,Ada,ada@example.org\r\n\
        \r\n\
        b,\"two\r\nlines\",Bob,bob@example.org\r\n\
        c,,,nobody@example.org\r\n\
        d,Hopper,Grace,grace.example.org\r\n"
        .to_vec();
    file.extend(b"e,Jos\xe9,X,jose@example.org\n");
    file.extend(b"f,Else,Somebody,ADA@example.org\nf\ng,Byron,,byron@example.org\n");
    file.extend(b"h,Doe,John,john@example.com\n");
    place.write("Staff.CSV", file);
    let said = place.run(&["import", "Staff.CSV"]);
    let sum =
        "9 rows: 2 new, 0 changed, 1 already there, 6 refused (listed in Staff.rejected.csv)\n";
    assert_eq!(said, sum);
    let rejected = fs::read(place.path("Staff.rejected.csv")).expect("the list");
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(&rejected[..]);
    let headings = reader.byte_headers().expect("headings").clone();
    assert_eq!(
        headings,
        vec![
            "line",
            "reason",
            "Email;not a column",
            "Last Name",
            "First Name",
            "E-Mail"
        ]
    );
    let rows: Vec<_> = reader
        .byte_records()
        .map(|row| row.expect("a row"))
        .collect();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (text(&row[0]), text(&row[1])))
        .collect();
    let listed = |line: &str, reason: &str| (line.to_owned(), reason.to_owned());
    assert_eq!(
        found,
        [
            listed(
                "4",
                "a name must not contain control characters; by its quotation marks the row goes on to line 5"
            ),
            listed("6", "a name is required"),
            listed("7", "invalid email address: the @ is missing"),
            listed("8", "the last name is not UTF-8"),
            listed("9", "user 1001 has this email and another name"),
            listed("10", "the row ends before its first name"),
        ]
    );
    assert_eq!(&rows[3][3], b"Jos\xe9", "the row's own bytes");
    assert_eq!(
        exported(&place).last().map(|(name, _)| name.clone()),
        Some("Byron".to_owned())
    );
}

#[test]
fn a_list_of_refused_rows_can_be_corrected_and_imported() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada.example.org\n");
    place.run(&["import", "people.csv"]);
    let corrected = place
        .read("people.rejected.csv")
        .replace("ada.example", "ada@example");
    place.write("corrected.csv", corrected);
    let said = place.run(&["import", "corrected.csv"]);
    assert_eq!(
        said,
        "1 row: 1 new, 0 changed, 0 already there, 0 refused\n"
    );
    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    place.run(&["import", "people.csv"]);
    assert!(!place.path("people.rejected.csv").exists(), "the old list");
}

#[test]
fn what_is_said_of_the_rows_adds_up() {
    let place = Place::new();
    place.write(
        "people.csv",
        "name,email\nAda,ada@example.org\nAda,ADA@example.org\nx,y\nBob,ada@example.org\n\"",
    );
    let why = refused(&place, &["import", "people.csv"], 2);
    let sum = "(on disk: 4 rows: 1 new, 0 changed, 1 already there, 2 refused \
               (listed in people.rejected.csv))";
    assert!(why.ends_with(sum), "{why}");
    place.write("people.csv", "name,email\n\"Ada");
    let why = refused(&place, &["import", "people.csv"], 2);
    assert!(
        why.ends_with("never closed (nothing was imported)"),
        "{why}"
    );
}

#[test]
fn a_file_that_is_no_list_of_refused_rows_is_never_replaced() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada@example.org\nx,y\n");
    place.write("people.rejected.csv", "my own notes\n");
    let why = refused(&place, &["import", "people.csv"], 2);
    for words in ["people.rejected.csv: ", "another file", "--rejected"] {
        assert!(why.contains(words), "{why}");
    }
    assert!(!place.path("data").exists(), "something was imported");
    assert_eq!(place.read("people.rejected.csv"), "my own notes\n");

    let elsewhere = ["import", "people.csv", "--rejected", "refused.csv"];
    for _ in 0..2 {
        let said = place.run(&elsewhere);
        assert!(said.ends_with("(listed in refused.csv)\n"), "{said}");
        assert_eq!(place.read("refused.csv").lines().count(), 2);
    }
    assert_eq!(place.read("people.rejected.csv"), "my own notes\n");
    place.run(&["import", "people.csv", "--rejected", "/dev/null"]);

    place.write(
        "people.csv",
        "line,reason,name,email\n1,why,Ada,ada@example.org\n",
    );
    let itself = ["import", "people.csv", "--rejected", "./people.csv"];
    let why = refused(&place, &itself, 2);
    assert!(why.contains("the file that is imported"), "{why}");
    assert!(place.path("people.csv").exists());
}

#[test]
fn a_list_that_cannot_be_written_is_found_out_before_anything_is_imported() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    fs::create_dir(place.path("people.rejected.csv")).expect("a folder in its place");
    for list in [
        &["people.csv"][..],
        &["people.csv", "--rejected", "no/such/folder.csv"],
    ] {
        let why = refused(&place, &[&["import"], list].concat(), 2);
        assert!(why.contains("refused rows can't be listed there"), "{why}");
    }
    assert!(!place.path("data").exists(), "something was imported");
}
