//! `frontdesk export`.

use std::{
    fs,
    io::{BufRead as _, BufReader},
};

use crate::{
    binary::{Workspace, text},
    helpers::{USERS, export, failure},
    output::Output,
};

#[test]
fn an_export_can_be_imported() {
    let one = Workspace::new();
    one.write("users.csv", USERS);
    one.run(&["import", "users.csv"]);
    one.run(&["export", "all.csv"]);
    let other = Workspace::new();
    other.run(&["seed", "--remove"]);
    let all = one.path("all.csv");
    other.run(&["import", all.to_str().expect("a path")]);
    assert_eq!(export(&other), export(&one));
}

#[test]
fn an_export_never_overwrites_a_database_and_replaces_files_as_a_whole() {
    let workspace = Workspace::new();
    workspace.write("users.csv", USERS);
    workspace.run(&["import", "users.csv"]);
    let before = export(&workspace);
    let database = fs::read_dir(workspace.path("."))
        .expect("the directory")
        .flatten()
        .map(|entry| entry.path().join("frontdesk.db"))
        .find(|database| database.exists())
        .expect("a database");
    let output = failure(
        &workspace,
        &["export", database.to_str().expect("a path")],
        2,
    );
    assert!(output.contains("not overwritten"), "{output}");
    let lock = database.with_file_name("frontdesk.lock");
    failure(&workspace, &["export", lock.to_str().expect("a path")], 2);
    assert_eq!(export(&workspace), before);

    // An existing file stays unchanged, or is replaced without leaving a temporary file.
    workspace.write("all.csv", b"older\n");
    let output = failure(&workspace, &["export", "all.csv"], 2);
    assert!(output.contains("--force"), "{output}");
    assert_eq!(
        fs::read(workspace.path("all.csv")).expect("a file"),
        b"older\n"
    );
    let output = workspace.run(&["export", "all.csv", "--force"]);
    assert!(
        output.contains(&format!("{} users", before.len())),
        "{output}"
    );
    let written = fs::read_to_string(workspace.path("all.csv")).expect("a file");
    assert_eq!(written.lines().count(), before.len() + 1);
    let temporary = fs::read_dir(workspace.path("."))
        .expect("the directory")
        .flatten()
        .any(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with(".frontdesk")
        });
    assert!(!temporary, "a temporary file is left");
}

#[test]
fn an_export_without_a_directory_fails_and_creates_no_file() {
    let workspace = Workspace::new();
    let error = failure(&workspace, &["export", "all.csv"], 2);
    assert!(error.contains("no directory yet"), "{error}");
    assert!(!workspace.path("all.csv").exists() && !workspace.path("data").exists());
    let output = Output::of(&mut workspace.frontdesk(&["export"]));
    assert_eq!(output.code, Some(2));
    assert_eq!(output.out, "", "headings without a directory");
}

#[test]
fn an_export_to_a_closed_pipe_ends_without_an_error() {
    let workspace = Workspace::new();
    workspace.run(&["seed", "--count", "20000"]);
    let mut export = workspace.frontdesk(&["export"]).spawn().expect("it runs");
    let mut lines = BufReader::new(export.stdout.take().expect("its output")).lines();
    assert_eq!(lines.next().expect("a line").expect("text"), "name,email");
    drop(lines);
    let output = export.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn a_formula_is_exported_verbatim_and_the_help_warns_of_it() {
    let workspace = Workspace::new();
    let name = "=HYPERLINK(\"x\")";
    let row = "\"=HYPERLINK(\"\"x\"\")\",ada@example.org\n";
    workspace.write("users.csv", format!("name,email\n{row}"));
    workspace.run(&["import", "users.csv"]);
    let names: Vec<_> = export(&workspace)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(names.iter().any(|it| it == name), "{names:?}");
    let help = workspace.run(&["export", "--help"]);
    assert!(help.contains("verbatim"), "{help}");
}
