//! What these tests share.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use crate::binary::{Place, text};

pub(crate) const PEOPLE: &[u8] = include_bytes!("../data/people.csv");

/// Names and emails of the fixture, read by other means than those that are tested.
pub(crate) fn expected() -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_reader(PEOPLE);
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (format!("{} {}", &row[2], &row[3]), row[5].to_owned()))
        .collect()
}

pub(crate) fn exported(place: &Place) -> Vec<(String, String)> {
    let csv = place.run(&["export"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().expect("headings"), vec!["name", "email"]);
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect()
}

/// The real people, where this checkout has them beside it.
pub(crate) fn real_people() -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/people-20000.csv");
    file.exists().then_some(file)
}

/// Runs a command that is to fail with this exit code; answers the one line it says why in.
pub(crate) fn refused(place: &Place, arguments: &[&str], code: i32) -> String {
    let output = place
        .frontdesk(arguments)
        .output()
        .expect("the binary runs");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
    let why = errors.lines().last().unwrap_or_default();
    assert!(why.starts_with("frontdesk: "), "{errors}");
    why.to_owned()
}

/// Runs a command with `input` on its standard input.
pub(crate) fn fed(place: &Place, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = place.frontdesk(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}
