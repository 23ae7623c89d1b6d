//! The Big List of Naughty Strings.

use frontdesk_directory::Name;
use naughty_strings::BLNS;

use crate::binary::Workspace;

#[test]
fn naughty_strings_are_imported_and_exported_verbatim() {
    let workspace = Workspace::new();
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
    workspace.write("naughty.csv", file.into_inner().expect("written"));
    workspace.run(&["seed", "--remove"]);
    let expected = format!("{0} rows: {0} created, ", names.len());
    let summary = workspace.run(&["import", "naughty.csv"]);
    assert!(summary.starts_with(&expected), "{summary}");
    workspace.run(&["export", "out.csv"]);
    let out = workspace.read("out.csv");
    let mut out = csv::Reader::from_reader(out.as_bytes());
    let rows: Vec<(String, String)> = out
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("a table");
    assert_eq!(rows[1..], names);

    let other = Workspace::new();
    other.write("in.csv", workspace.read("out.csv"));
    other.run(&["seed", "--remove"]);
    other.run(&["import", "in.csv"]);
    other.run(&["export", "again.csv"]);
    assert_eq!(other.read("again.csv"), workspace.read("out.csv"));
}
