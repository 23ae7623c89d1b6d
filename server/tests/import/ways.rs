//! What an import can be told to do otherwise.

use std::process::Stdio;

use crate::{
    binary::{Place, text, total},
    helpers::{exported, refused},
};

const PEOPLE: &str = "name,email\nJane,John@Example.com\nAda,ada@example.org\nx,y\n";

#[test]
fn a_dry_run_says_what_would_be_and_keeps_nothing_not_even_a_folder() {
    let place = Place::new();
    place.write("people.csv", PEOPLE);
    let dry = "3 rows: 1 new, 0 changed, 0 already there, 2 refused \
               (listed in people.rejected.csv); a dry run: nothing was kept\n";
    assert_eq!(place.run(&["import", "people.csv", "--dry-run"]), dry);
    assert!(!place.path("data").exists(), "a folder was made");
    let listed = place.read("people.rejected.csv");

    place.run(&["seed", "--remove"]);
    for _ in 0..2 {
        assert_eq!(place.run(&["import", "people.csv", "--dry-run"]), dry);
    }
    assert_eq!(total(&place.database()), 1);
    let wet = place.run(&["import", "people.csv"]);
    assert_eq!(wet, dry.replace("; a dry run: nothing was kept", ""));
    // Ids are given on where the samples ended, there as here.
    assert_eq!(place.read("people.rejected.csv"), listed);
}

#[test]
fn people_who_are_there_are_refused_kept_or_changed_as_is_said() {
    let place = Place::new();
    place.write("people.csv", PEOPLE);
    for (on_existing, sum, john) in [
        ("refuse", "1 new, 0 changed, 0 already there, 2", "John Doe"),
        ("skip", "0 new, 0 changed, 2 already there, 1", "John Doe"),
        ("update", "0 new, 1 changed, 1 already there, 1", "Jane"),
        ("update", "0 new, 0 changed, 2 already there, 1", "Jane"),
    ] {
        let said = place.run(&["import", "people.csv", "--on-existing", on_existing]);
        assert!(
            said.starts_with(&format!("3 rows: {sum} refused")),
            "{said}"
        );
        assert_eq!(exported(&place)[0].0, john);
    }
    refused(&place, &["import", "people.csv", "--on-existing", "x"], 2);
}

#[test]
fn nothing_is_taken_twice_under_an_id_that_was_given() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    let import = ["import", "people.csv", "--import-id", "monday"];
    let sum = "1 row: 1 new, 0 changed, 0 already there, 0 refused\n";
    assert_eq!(place.run(&import), sum);
    assert_eq!(place.run(&import), sum, "as it was answered then");
    let other = [&import[..], &["--on-existing", "skip"]].concat();
    let why = refused(&place, &other, 2);
    assert!(why.contains("on_existing"), "{why}");
    refused(&place, &["import", "people.csv", "--import-id", ""], 2);
}

#[test]
fn an_import_whose_words_nobody_hears_is_done_all_the_same() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    let mut import = place.frontdesk(&["import", "people.csv"]);
    let output = import.stderr(Stdio::null()).output().expect("it runs");
    assert!(text(&output.stdout).starts_with("1 row: 1 new"));
}
