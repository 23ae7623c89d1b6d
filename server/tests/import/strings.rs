//! Strings that break things (the Big List of Naughty Strings) go in and come out to the letter.

use frontdesk_directory::Name;
use naughty_strings::BLNS;

use crate::binary::Place;

#[test]
fn naughty_strings_are_imported_exported_and_imported_again_to_the_letter() {
    let place = Place::new();
    let mut file = csv::Writer::from_writer(Vec::new());
    file.write_record(["name", "email"]).expect("written");
    let mut names = Vec::new();
    for (number, text) in BLNS.iter().enumerate() {
        let Ok(name) = Name::parse(text) else {
            continue;
        };
        let email = format!("naughty{number}@example.org");
        file.write_record([text, email.as_str()]).expect("written");
        names.push((name.into_string(), email));
    }
    place.write("naughty.csv", file.into_inner().expect("written"));
    place.run(&["seed", "--remove"]);
    let words = format!("{0} rows: {0} new, ", names.len());
    let said = place.run(&["import", "naughty.csv"]);
    assert!(said.starts_with(&words), "{said}");
    place.run(&["export", "out.csv"]);
    let out = place.read("out.csv");
    let mut out = csv::Reader::from_reader(out.as_bytes());
    let rows: Vec<(String, String)> = out
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("a table");
    assert_eq!(rows[1..], names);

    let other = Place::new();
    other.write("in.csv", place.read("out.csv"));
    other.run(&["seed", "--remove"]);
    other.run(&["import", "in.csv"]);
    other.run(&["export", "again.csv"]);
    assert_eq!(other.read("again.csv"), place.read("out.csv"));
}
