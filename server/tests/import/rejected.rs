//! Rejected rows.

use std::fs;

use crate::{
    binary::{Workspace, text},
    helpers::{export, failure},
};

#[test]
fn rejected_rows_are_written_with_line_and_reason_and_the_rest_is_imported() {
    let workspace = Workspace::new();
    let mut file = b"Email;not a column,Last Name,First Name,E-Mail\r\n\
        a,Lovelace,Ada,ada@example.org\r\n\
        \r\n\
        b,\"two\r\nlines\",Bob,bob@example.org\r\n\
        c,,,nobody@example.org\r\n\
        d,Hopper,Grace,grace.example.org\r\n"
        .to_vec();
    file.extend(b"e,Jos\xe9,X,jose@example.org\n");
    file.extend(b"f,Else,Somebody,ADA@example.org\nf\ng,Byron,,byron@example.org\n");
    file.extend(b"h,Doe,John,john@example.com\n");
    workspace.write("Staff.CSV", file);
    let summary = workspace.run(&["import", "Staff.CSV"]);
    let expected =
        "9 rows: 2 created, 0 updated, 1 unchanged, 6 rejected (see Staff.rejected.csv)\n";
    assert_eq!(summary, expected);
    let rejected = fs::read(workspace.path("Staff.rejected.csv")).expect("the file");
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(&rejected[..]);
    let headings = reader.byte_headers().expect("headings").clone();
    assert_eq!(
        headings,
        vec![
            "line",
            "reason",
            "Email;not a column",
            "Last Name",
            "First Name",
            "E-Mail"
        ]
    );
    let rows: Vec<_> = reader
        .byte_records()
        .map(|row| row.expect("a row"))
        .collect();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (text(&row[0]), text(&row[1])))
        .collect();
    let row = |line: &str, reason: &str| (line.to_owned(), reason.to_owned());
    assert_eq!(
        found,
        [
            row(
                "4",
                "a name must not contain control characters; because of quotation marks the row extends to line 5"
            ),
            row("6", "a name is required"),
            row("7", "invalid email address: the @ is missing"),
            row("8", "the last name is not UTF-8"),
            row("9", "user 1001 has this email address and another name"),
            row("10", "the row has no first name"),
        ]
    );
    assert_eq!(&rows[3][3], b"Jos\xe9", "the row's own bytes");
    assert_eq!(
        export(&workspace).last().map(|(name, _)| name.clone()),
        Some("Byron".to_owned())
    );
}

#[test]
fn rejected_rows_can_be_corrected_and_imported() {
    let workspace = Workspace::new();
    workspace.write("users.csv", "name,email\nAda,ada.example.org\n");
    workspace.run(&["import", "users.csv"]);
    let corrected = workspace
        .read("users.rejected.csv")
        .replace("ada.example", "ada@example");
    workspace.write("corrected.csv", corrected);
    let summary = workspace.run(&["import", "corrected.csv"]);
    assert_eq!(
        summary,
        "1 row: 1 created, 0 updated, 0 unchanged, 0 rejected\n"
    );
    workspace.write("users.csv", "name,email\nAda,ada@example.org\n");
    workspace.run(&["import", "users.csv"]);
    assert!(
        !workspace.path("users.rejected.csv").exists(),
        "the previous file"
    );
}

#[test]
fn the_counts_add_up() {
    let workspace = Workspace::new();
    workspace.write(
        "users.csv",
        "name,email\nAda,ada@example.org\nAda,ADA@example.org\nx,y\nBob,ada@example.org\n\"",
    );
    let error = failure(&workspace, &["import", "users.csv"], 2);
    let summary = "(on disk: 4 rows: 1 created, 0 updated, 1 unchanged, 2 rejected \
               (see users.rejected.csv))";
    assert!(error.ends_with(summary), "{error}");
    workspace.write("users.csv", "name,email\n\"Ada");
    let error = failure(&workspace, &["import", "users.csv"], 2);
    assert!(
        error.ends_with("never closed (nothing imported)"),
        "{error}"
    );
}

#[test]
fn another_file_is_never_replaced_by_rejected_rows() {
    let workspace = Workspace::new();
    workspace.write("users.csv", "name,email\nAda,ada@example.org\nx,y\n");
    workspace.write("users.rejected.csv", "my own notes\n");
    let error = failure(&workspace, &["import", "users.csv"], 2);
    for expected in ["users.rejected.csv: ", "not overwritten", "--rejected"] {
        assert!(error.contains(expected), "{error}");
    }
    assert!(!workspace.path("data").exists(), "something was imported");
    assert_eq!(workspace.read("users.rejected.csv"), "my own notes\n");

    let other = ["import", "users.csv", "--rejected", "other.csv"];
    for _ in 0..2 {
        let summary = workspace.run(&other);
        assert!(summary.ends_with("(see other.csv)\n"), "{summary}");
        assert_eq!(workspace.read("other.csv").lines().count(), 2);
    }
    assert_eq!(workspace.read("users.rejected.csv"), "my own notes\n");
    workspace.run(&["import", "users.csv", "--rejected", "/dev/null"]);

    workspace.write(
        "users.csv",
        "line,reason,name,email\n1,reason,Ada,ada@example.org\n",
    );
    let itself = ["import", "users.csv", "--rejected", "./users.csv"];
    let error = failure(&workspace, &itself, 2);
    assert!(error.contains("the file to import"), "{error}");
    assert!(workspace.path("users.csv").exists());
}

#[test]
fn nothing_is_imported_if_rejected_rows_cannot_be_written() {
    let workspace = Workspace::new();
    workspace.write("users.csv", "name,email\nAda,ada@example.org\n");
    fs::create_dir(workspace.path("users.rejected.csv")).expect("a directory");
    for arguments in [
        &["users.csv"][..],
        &["users.csv", "--rejected", "no/such/directory.csv"],
    ] {
        let error = failure(&workspace, &[&["import"], arguments].concat(), 2);
        assert!(error.contains("cannot write rejected rows"), "{error}");
    }
    assert!(!workspace.path("data").exists(), "something was imported");
}
