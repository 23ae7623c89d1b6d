//! Helpers of these tests.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{self, Stdio},
};

use crate::{binary::Workspace, output::Output};

pub(crate) const USERS: &[u8] = include_bytes!("../data/users.csv");

/// The users in [`USERS`], read without the code under test.
pub(crate) fn expected_users() -> Vec<(String, String)> {
    let mut reader = csv::Reader::from_reader(USERS);
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (format!("{} {}", &row[2], &row[3]), row[5].to_owned()))
        .collect()
}

pub(crate) fn export(workspace: &Workspace) -> Vec<(String, String)> {
    let csv = workspace.run(&["export"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().expect("headings"), vec!["name", "email"]);
    let rows = reader.records().map(|row| row.expect("a row"));
    rows.map(|row| (row[0].to_owned(), row[1].to_owned()))
        .collect()
}

/// A file of 20,000 users, if there is one next to this checkout.
pub(crate) fn large_file() -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/people-20000.csv");
    file.exists().then_some(file)
}

/// Runs a command that must fail with this exit code; returns the error message.
pub(crate) fn failure(workspace: &Workspace, arguments: &[&str], code: i32) -> String {
    Output::of(&mut workspace.frontdesk(arguments)).failure(code)
}

/// Runs a command with this standard input.
pub(crate) fn run_with_input(
    workspace: &Workspace,
    arguments: &[&str],
    input: &[u8],
) -> process::Output {
    let mut command = workspace.frontdesk(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}
