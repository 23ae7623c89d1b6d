//! What is read of a file, and what of it is kept.

use std::{fmt::Write as _, fs};

use crate::{
    binary::{Place, assert_sound, text, total},
    helpers::{PEOPLE, expected, exported, fed, real_people, refused},
};

#[test]
fn people_of_all_scripts_are_imported_to_the_letter() {
    let place = Place::new();
    place.write("people.csv", PEOPLE);
    let expected = expected();
    let count = expected.len();
    let output = place
        .frontdesk(&["import", "people.csv"])
        .output()
        .expect("it runs");
    let said = text(&output.stdout);
    assert_eq!(
        said,
        format!("{count} rows: {count} new, 0 changed, 0 already there, 0 refused\n")
    );
    let progress = text(&output.stderr);
    let ignored = "columns not used: Index, User Id, Sex, Phone, Date of birth, Job Title";
    assert!(progress.lines().any(|line| line == ignored), "{progress}");
    assert_eq!(
        progress.lines().last(),
        Some(
            format!("{count} rows: {count} new, 0 changed, 0 already there, 0 refused so far")
                .as_str()
        )
    );
    let people = exported(&place);
    assert_eq!(
        people[0],
        ("John Doe".to_owned(), "john@example.com".to_owned())
    );
    assert_eq!(people[1_000..], expected);
    assert!(!place.path("people.rejected.csv").exists());
    assert_sound(&place.database());
}

#[test]
fn the_real_people_are_imported_once_however_often_they_are_sent() {
    let place = Place::new();
    let rows = if let Some(file) = real_people() {
        fs::copy(file, place.path("people.csv")).expect("a copy");
        20_000
    } else {
        let mut people = String::new();
        for number in 0..5_000 {
            write!(people, "名 {number},p{number}@example.org\r\n").expect("text");
        }
        place.write("people.csv", format!("\u{feff}Name,E-Mail\r\n{people}"));
        5_000
    };
    let first = place.run(&["import", "people.csv"]);
    assert_eq!(
        first,
        format!("{rows} rows: {rows} new, 0 changed, 0 already there, 0 refused\n")
    );
    let second = place.run(&["import", "people.csv"]);
    assert_eq!(
        second,
        format!("{rows} rows: 0 new, 0 changed, {rows} already there, 0 refused\n")
    );
    let db = place.database();
    assert_eq!(total(&db), rows + 1_000);
    assert_sound(&db);
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let place = Place::new();
    let output = fed(
        &place,
        &["import", "-"],
        b"\xef\xbb\xbfEMAIL,NAME\r\nada@example.org,Ada\r\nx,y\r\n",
    );
    assert!(output.status.success());
    let sum =
        "2 rows: 1 new, 0 changed, 0 already there, 1 refused (listed in stdin.rejected.csv)\n";
    assert_eq!(text(&output.stdout), sum);
    assert!(place.read("stdin.rejected.csv").ends_with(",x,y\n"));
}

#[test]
fn a_file_that_cannot_be_used_is_refused_and_leaves_nothing_behind() {
    let place = Place::new();
    place.write("empty.csv", "");
    place.write("phones.csv", "First Name,Phone\nAda,1\n");
    place.write("twice.csv", "name,email,E-Mail\n");
    for (file, words) in [
        ("missing.csv", &["can't be read"][..]),
        (".", &["a folder"]),
        ("empty.csv", &["is empty"]),
        (
            "phones.csv",
            &["\"last name\"", "\"email\"", "First Name, Phone"],
        ),
        ("twice.csv", &["\"email\" and \"E-Mail\""]),
    ] {
        let why = refused(&place, &["import", file], 2);
        for word in words.iter().chain(&[file]) {
            assert!(why.contains(word), "{why}");
        }
    }
    assert!(!place.path("data").exists(), "a folder was made");
}

#[test]
fn rows_before_a_quotation_mark_that_is_never_closed_are_kept() {
    for rows in [2, 100_000] {
        let place = Place::new();
        let rest = "Grace,grace@example.org\n".repeat(rows);
        place.write(
            "people.csv",
            format!("name,email\nAda,ada@example.org\n\"Bob,{rest}"),
        );
        let why = refused(&place, &["import", "people.csv"], 2);
        for words in [
            "people.csv: line 3: a quotation mark is opened here and ",
            "(on disk: 1 row: 1 new, 0 changed, 0 already there, 0 refused)",
        ] {
            assert!(why.contains(words), "{why}");
        }
        assert_eq!(exported(&place).len(), 1_001);
        assert!(!place.path("people.rejected.csv").exists());
    }
}

#[test]
fn a_file_in_utf16_is_told_with_and_without_its_mark() {
    let place = Place::new();
    for mark in ["", "\u{feff}"] {
        let people = format!("{mark}\"name\",email\r\nAda,ada@example.org\r\n");
        let people: Vec<_> = people.encode_utf16().flat_map(u16::to_le_bytes).collect();
        place.write("people.csv", people);
        let why = refused(&place, &["import", "people.csv"], 2);
        assert!(why.contains("UTF-16") && why.contains("iconv"), "{why}");
        assert!(!why.contains(char::is_control), "{why:?}");
    }
    assert!(!place.path("data").exists(), "a folder was made");
}

#[test]
fn a_million_columns_are_not_named_one_by_one() {
    let place = Place::new();
    let columns = ",column".repeat(100_000);
    place.write(
        "people.csv",
        format!("name,email{columns}\nAda,ada@example.org\n"),
    );
    let output = place.frontdesk(&["import", "people.csv"]).output();
    let said = text(&output.expect("it runs").stderr);
    let first = said.lines().find(|line| line.starts_with("columns"));
    let first = first.unwrap_or_default();
    assert!(first.ends_with("… (100000 in all)"), "{}", first.len());
    assert!(first.len() < 1_100, "{}", first.len());
}
