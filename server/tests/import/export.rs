//! What comes out again.

use std::{
    fs,
    io::{BufRead as _, BufReader},
};

use crate::{
    binary::{Place, text},
    helpers::{PEOPLE, exported, refused},
};

#[test]
fn what_is_exported_can_be_imported_elsewhere() {
    let here = Place::new();
    here.write("people.csv", PEOPLE);
    here.run(&["import", "people.csv"]);
    here.run(&["export", "all.csv"]);
    let there = Place::new();
    there.run(&["seed", "--remove"]);
    let all = here.path("all.csv");
    there.run(&["import", all.to_str().expect("a path")]);
    assert_eq!(exported(&there), exported(&here));
}

#[test]
fn an_export_never_takes_a_directorys_place_nor_half_of_an_older_files() {
    let place = Place::new();
    place.write("people.csv", PEOPLE);
    place.run(&["import", "people.csv"]);
    let before = exported(&place);
    let database = fs::read_dir(place.path("."))
        .expect("the folder")
        .flatten()
        .map(|entry| entry.path().join("frontdesk.db"))
        .find(|database| database.exists())
        .expect("a database");
    let said = refused(&place, &["export", database.to_str().expect("a path")], 2);
    assert!(said.contains("not written over"), "{said}");
    let lock = database.with_file_name("frontdesk.lock");
    refused(&place, &["export", lock.to_str().expect("a path")], 2);
    assert_eq!(exported(&place), before);

    // An older file stays, or is replaced as a whole, and nothing else is left beside it.
    place.write("all.csv", b"older\n");
    let said = refused(&place, &["export", "all.csv"], 2);
    assert!(said.contains("--force"), "{said}");
    assert_eq!(fs::read(place.path("all.csv")).expect("a file"), b"older\n");
    let said = place.run(&["export", "all.csv", "--force"]);
    assert!(said.contains(&format!("{} people", before.len())), "{said}");
    let written = fs::read_to_string(place.path("all.csv")).expect("a file");
    assert_eq!(written.lines().count(), before.len() + 1);
    let left = fs::read_dir(place.path("."))
        .expect("the folder")
        .flatten()
        .any(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with(".frontdesk")
        });
    assert!(!left, "what was written to in between is still there");
}

#[test]
fn an_export_needs_a_directory_and_leaves_no_file_without_one() {
    let place = Place::new();
    let why = refused(&place, &["export", "all.csv"], 2);
    assert!(why.contains("no directory yet"), "{why}");
    assert!(!place.path("all.csv").exists() && !place.path("data").exists());
    let output = place.frontdesk(&["export"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "", "a heading without a directory");
}

#[test]
fn an_export_whose_reader_has_read_enough_ends_quietly() {
    let place = Place::new();
    place.run(&["seed", "--count", "20000"]);
    let mut export = place.frontdesk(&["export"]).spawn().expect("it runs");
    let mut lines = BufReader::new(export.stdout.take().expect("its output")).lines();
    assert_eq!(lines.next().expect("a line").expect("text"), "name,email");
    drop(lines);
    let output = export.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn what_looks_like_a_formula_is_exported_to_the_letter_and_help_says_so() {
    let place = Place::new();
    let name = "=HYPERLINK(\"x\")";
    let row = "\"=HYPERLINK(\"\"x\"\")\",ada@example.org\n";
    place.write("people.csv", format!("name,email\n{row}"));
    place.run(&["import", "people.csv"]);
    let names: Vec<_> = exported(&place).into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().any(|it| it == name), "{names:?}");
    let help = place.run(&["export", "--help"]);
    assert!(help.contains("to the letter"), "{help}");
}
