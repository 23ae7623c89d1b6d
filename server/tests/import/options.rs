//! Options of `frontdesk import`.

use std::process::Stdio;

use crate::{
    binary::{Workspace, count_users, text},
    helpers::{export, failure},
};

const USERS: &str = "name,email\nJane,John@Example.com\nAda,ada@example.org\nx,y\n";

#[test]
fn a_dry_run_reports_the_result_and_creates_nothing() {
    let workspace = Workspace::new();
    workspace.write("users.csv", USERS);
    let dry = "3 rows: 1 created, 0 updated, 0 unchanged, 2 rejected \
               (see users.rejected.csv); dry run, nothing imported\n";
    assert_eq!(workspace.run(&["import", "users.csv", "--dry-run"]), dry);
    assert!(!workspace.path("data").exists(), "a directory was created");
    let rejected = workspace.read("users.rejected.csv");

    workspace.run(&["seed", "--remove"]);
    for _ in 0..2 {
        assert_eq!(workspace.run(&["import", "users.csv", "--dry-run"]), dry);
    }
    assert_eq!(count_users(&workspace.database()), 1);
    let wet = workspace.run(&["import", "users.csv"]);
    assert_eq!(wet, dry.replace("; dry run, nothing imported", ""));
    assert_eq!(workspace.read("users.rejected.csv"), rejected);
}

#[test]
fn existing_users_are_rejected_skipped_or_updated() {
    let workspace = Workspace::new();
    workspace.write("users.csv", USERS);
    for (on_existing, counts, john) in [
        ("reject", "1 created, 0 updated, 0 unchanged, 2", "John Doe"),
        ("skip", "0 created, 0 updated, 2 unchanged, 1", "John Doe"),
        ("update", "0 created, 1 updated, 1 unchanged, 1", "Jane"),
        ("update", "0 created, 0 updated, 2 unchanged, 1", "Jane"),
    ] {
        let summary = workspace.run(&["import", "users.csv", "--on-existing", on_existing]);
        assert!(
            summary.starts_with(&format!("3 rows: {counts} rejected")),
            "{summary}"
        );
        assert_eq!(export(&workspace)[0].0, john);
    }
    failure(
        &workspace,
        &["import", "users.csv", "--on-existing", "x"],
        2,
    );
}

#[test]
fn an_import_id_makes_an_import_idempotent() {
    let workspace = Workspace::new();
    workspace.write("users.csv", "name,email\nAda,ada@example.org\n");
    let import = ["import", "users.csv", "--import-id", "monday"];
    let sum = "1 row: 1 created, 0 updated, 0 unchanged, 0 rejected\n";
    assert_eq!(workspace.run(&import), sum);
    assert_eq!(workspace.run(&import), sum, "the result of the first time");
    let other = [&import[..], &["--on-existing", "skip"]].concat();
    let error = failure(&workspace, &other, 2);
    assert!(error.contains("on_existing"), "{error}");
    failure(&workspace, &["import", "users.csv", "--import-id", ""], 2);
}

#[test]
fn an_import_without_standard_error_succeeds() {
    let workspace = Workspace::new();
    workspace.write("users.csv", "name,email\nAda,ada@example.org\n");
    let mut import = workspace.frontdesk(&["import", "users.csv"]);
    let output = import.stderr(Stdio::null()).output().expect("it runs");
    assert!(text(&output.stdout).starts_with("1 row: 1 created"));
}
