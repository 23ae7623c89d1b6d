//! Which files can be imported.

use std::{fmt::Write as _, fs};

use crate::{
    binary::{Workspace, assert_intact, count_users, text},
    helpers::{USERS, expected_users, export, failure, large_file, run_with_input},
    output::Output,
};

#[test]
fn names_in_all_scripts_are_imported_verbatim() {
    let workspace = Workspace::new();
    workspace.write("users.csv", USERS);
    let expected = expected_users();
    let count = expected.len();
    let output = Output::of(&mut workspace.frontdesk(&["import", "users.csv"]));
    assert_eq!(
        output.out,
        format!("{count} rows: {count} created, 0 updated, 0 unchanged, 0 rejected\n")
    );
    let progress = output.errors;
    let ignored = "ignored columns: Index, User Id, Sex, Phone, Date of birth, Job Title";
    assert!(progress.lines().any(|line| line == ignored), "{progress}");
    assert_eq!(
        progress.lines().last(),
        Some(
            format!("{count} rows: {count} created, 0 updated, 0 unchanged, 0 rejected so far")
                .as_str()
        )
    );
    let users = export(&workspace);
    assert_eq!(
        users[0],
        ("John Doe".to_owned(), "john@example.com".to_owned())
    );
    assert_eq!(users[1_000..], expected);
    assert!(!workspace.path("users.rejected.csv").exists());
    assert_intact(&workspace.database());
}

#[test]
fn importing_a_file_again_changes_nothing() {
    let workspace = Workspace::new();
    let rows = if let Some(file) = large_file() {
        fs::copy(file, workspace.path("users.csv")).expect("a copy");
        20_000
    } else {
        let mut content = String::new();
        for number in 0..5_000 {
            write!(content, "名 {number},p{number}@example.org\r\n").expect("text");
        }
        workspace.write("users.csv", format!("\u{feff}Name,E-Mail\r\n{content}"));
        5_000
    };
    let first = workspace.run(&["import", "users.csv"]);
    assert_eq!(
        first,
        format!("{rows} rows: {rows} created, 0 updated, 0 unchanged, 0 rejected\n")
    );
    let second = workspace.run(&["import", "users.csv"]);
    assert_eq!(
        second,
        format!("{rows} rows: 0 created, 0 updated, {rows} unchanged, 0 rejected\n")
    );
    let db = workspace.database();
    assert_eq!(count_users(&db), rows + 1_000);
    assert_intact(&db);
}

#[test]
fn standard_input_can_be_imported() {
    let workspace = Workspace::new();
    let output = run_with_input(
        &workspace,
        &["import", "-"],
        b"\xef\xbb\xbfEMAIL,NAME\r\nada@example.org,Ada\r\nx,y\r\n",
    );
    assert!(output.status.success());
    let summary =
        "2 rows: 1 created, 0 updated, 0 unchanged, 1 rejected (see stdin.rejected.csv)\n";
    assert_eq!(text(&output.stdout), summary);
    assert!(workspace.read("stdin.rejected.csv").ends_with(",x,y\n"));
}

#[test]
fn an_unusable_file_is_rejected_and_creates_nothing() {
    let workspace = Workspace::new();
    workspace.write("empty.csv", "");
    workspace.write("phones.csv", "First Name,Phone\nAda,1\n");
    workspace.write("twice.csv", "name,email,E-Mail\n");
    for (file, expected) in [
        ("missing.csv", &["cannot be read"][..]),
        (".", &["is a directory"]),
        ("empty.csv", &["is empty"]),
        (
            "phones.csv",
            &["\"last name\"", "\"email\"", "First Name, Phone"],
        ),
        ("twice.csv", &["\"email\" and \"E-Mail\""]),
    ] {
        let error = failure(&workspace, &["import", file], 2);
        for part in expected.iter().chain(&[file]) {
            assert!(error.contains(part), "{error}");
        }
    }
    assert!(!workspace.path("data").exists(), "a directory was created");
}

#[test]
fn rows_before_an_unclosed_quotation_mark_are_imported() {
    for rows in [2, 100_000] {
        let workspace = Workspace::new();
        let rest = "Grace,grace@example.org\n".repeat(rows);
        workspace.write(
            "users.csv",
            format!("name,email\nAda,ada@example.org\n\"Bob,{rest}"),
        );
        let error = failure(&workspace, &["import", "users.csv"], 2);
        for expected in [
            "users.csv: line 3: the quotation mark opened here is ",
            "(on disk: 1 row: 1 created, 0 updated, 0 unchanged, 0 rejected)",
        ] {
            assert!(error.contains(expected), "{error}");
        }
        assert_eq!(export(&workspace).len(), 1_001);
        assert!(!workspace.path("users.rejected.csv").exists());
    }
}

#[test]
fn utf16_is_rejected_with_and_without_a_byte_order_mark() {
    let workspace = Workspace::new();
    for mark in ["", "\u{feff}"] {
        let content = format!("{mark}\"name\",email\r\nAda,ada@example.org\r\n");
        let content: Vec<_> = content.encode_utf16().flat_map(u16::to_le_bytes).collect();
        workspace.write("users.csv", content);
        let error = failure(&workspace, &["import", "users.csv"], 2);
        assert!(
            error.contains("UTF-16") && error.contains("iconv"),
            "{error}"
        );
        assert!(!error.contains(char::is_control), "{error:?}");
    }
    assert!(!workspace.path("data").exists(), "a directory was created");
}

#[test]
fn the_list_of_ignored_columns_is_truncated() {
    let workspace = Workspace::new();
    let columns = ",column".repeat(100_000);
    workspace.write(
        "users.csv",
        format!("name,email{columns}\nAda,ada@example.org\n"),
    );
    let errors = Output::of(&mut workspace.frontdesk(&["import", "users.csv"])).errors;
    let first = errors
        .lines()
        .find(|line| line.starts_with("ignored columns"));
    let first = first.unwrap_or_default();
    assert!(first.ends_with("… (100000 in total)"), "{}", first.len());
    assert!(first.len() < 1_100, "{}", first.len());
}
