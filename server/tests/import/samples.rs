//! Sample people come and go.

use crate::{
    binary::{Place, assert_sound, text, total},
    helpers::{PEOPLE, expected, exported},
};

#[test]
fn samples_come_and_go_and_nobody_else() {
    let place = Place::new();
    place.write("people.csv", PEOPLE);
    place.run(&["import", "people.csv"]);
    assert_eq!(
        place.run(&["seed", "--count", "25000"]),
        "25000 sample people added\n"
    );
    let db = place.database();
    assert_eq!(total(&db), 1_000 + expected().len() as u64 + 25_000);
    assert_sound(&db);
    drop(db);
    assert_eq!(
        place.run(&["seed", "--remove"]),
        "25999 sample people removed\n"
    );
    assert_eq!(exported(&place)[1..], expected());
    assert_sound(&place.database());
    assert_eq!(
        place.run(&["seed", "--remove"]),
        "0 sample people removed\n"
    );
}

#[test]
fn a_directory_that_nobody_asked_for_is_told_of() {
    let place = Place::new();
    let seed = || {
        let seeded = place.frontdesk(&["seed", "--remove"]).output();
        text(&seeded.expect("the binary runs").stderr)
    };
    assert!(seed().contains("a new one is made"));
    assert!(!seed().contains("a new one is made"));
}
