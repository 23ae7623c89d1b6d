//! Imports that fail: full disk, closed pipe, locked data directory.

use std::{
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::Stdio,
};

use crate::{
    binary::{Workspace, count_users},
    helpers::{export, failure},
    output::Output,
};

#[test]
fn an_interrupted_import_reports_what_is_on_disk() {
    // Rejected rows cannot be written to this device.
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let workspace = Workspace::new();
    let mut rows = String::from("name,email\nx,y\n");
    for number in 0..60_000 {
        writeln!(rows, "Ada,ada{number}@example.org").expect("text");
    }
    workspace.write("users.csv", rows);
    let error = failure(
        &workspace,
        &["import", "users.csv", "--rejected", "/dev/full"],
        1,
    );
    let new = count_users(&workspace.database()) - 1_000;
    let rows = new + 1;
    let summary = format!(
        "(on disk: {rows} rows: {new} created, 0 updated, 0 unchanged, 1 rejected \
         (not all of them written))"
    );
    assert!(
        error.contains("cannot write a rejected row") && error.ends_with(&summary),
        "{error}"
    );
}

#[test]
fn control_characters_of_a_file_are_not_printed() {
    let workspace = Workspace::new();
    workspace.write(
        "users.csv",
        "name,email,\u{1b}]0;gone\u{7}\nAda,ada@example.org\n",
    );
    let output = Output::of(&mut workspace.frontdesk(&["import", "users.csv"]));
    assert_eq!(output.code, Some(0));
    workspace.write("phones.csv", "\u{1b}[2J,\u{9b}31m\n");
    let outputs = [
        output.errors,
        failure(&workspace, &["import", "phones.csv"], 2),
    ];
    for output in outputs {
        let is_control = |c: char| c.is_control() && c != '\n';
        assert!(
            output.contains("\\u{1b}") && !output.contains(is_control),
            "{output:?}"
        );
    }
}

#[test]
fn a_locked_data_directory_is_reported_with_its_process_and_can_be_exported() {
    let workspace = Workspace::new();
    let mut command = workspace.frontdesk(&["import", "-"]);
    let mut holder = command.stdin(Stdio::piped()).spawn().expect("it runs");
    let mut input = holder.stdin.take().expect("its input");
    // The data directory is locked once the headings have been read.
    input.write_all(b"name,email,x\n").expect("it reads");
    let mut lines = BufReader::new(holder.stderr.take().expect("its errors")).lines();
    let created = lines.next().expect("a line").expect("text");
    assert!(created.contains("creating a new directory"), "{created}");
    assert_eq!(
        lines.next().expect("a line").expect("text"),
        "ignored columns: x"
    );

    workspace.write("users.csv", "name,email\nAda,ada@example.org\n");
    let process = format!("frontdesk import, process {}", holder.id());
    for command in [
        &["import", "users.csv"][..],
        &["seed", "--count", "1"],
        &["seed", "--remove"],
    ] {
        let error = failure(&workspace, command, 2);
        assert!(
            error.contains(&process) && error.contains("--data"),
            "{error}"
        );
    }
    assert_eq!(export(&workspace).len(), 1_000);

    drop(input);
    assert!(holder.wait().expect("it ends").success());
    workspace.run(&["import", "users.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let workspace = Workspace::new();
    workspace.write("users.csv", "name,email\nAda,ada@example.org\n");
    let full = || {
        let options = fs::OpenOptions::new().write(true).open("/dev/full");
        Stdio::from(options.expect("opened"))
    };
    for (arguments, expected) in [
        (&["import", "users.csv"][..], "1 created"),
        (&["seed", "--count", "3"], "sample users added: 3"),
    ] {
        let error = Output::of(workspace.frontdesk(arguments).stdout(full())).failure(1);
        assert!(error.starts_with("frontdesk: standard output: "), "{error}");
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(count_users(&workspace.database()), 1_004);

    let failed = workspace
        .frontdesk(&["import", "nothing.csv"])
        .stderr(full())
        .status();
    assert_eq!(failed.expect("it runs").code(), Some(2));

    let mut seed = workspace.frontdesk(&["seed", "--remove"]);
    let mut seed = seed.spawn().expect("it runs");
    drop((seed.stdout.take(), seed.stderr.take()));
    assert!(
        seed.wait().expect("it ends").success(),
        "closed pipes are ignored"
    );
}
