//! `frontdesk seed`.

use crate::{
    binary::{Workspace, assert_intact, count_users},
    helpers::{USERS, expected_users, export},
    output::Output,
};

#[test]
fn seed_adds_and_removes_sample_users_only() {
    let workspace = Workspace::new();
    workspace.write("users.csv", USERS);
    workspace.run(&["import", "users.csv"]);
    assert_eq!(
        workspace.run(&["seed", "--count", "25000"]),
        "sample users added: 25000\n"
    );
    let db = workspace.database();
    assert_eq!(
        count_users(&db),
        1_000 + expected_users().len() as u64 + 25_000
    );
    assert_intact(&db);
    drop(db);
    assert_eq!(
        workspace.run(&["seed", "--remove"]),
        "sample users removed: 25999\n"
    );
    assert_eq!(export(&workspace)[1..], expected_users());
    assert_intact(&workspace.database());
    assert_eq!(
        workspace.run(&["seed", "--remove"]),
        "sample users removed: 0\n"
    );
}

#[test]
fn creating_a_directory_is_reported() {
    let workspace = Workspace::new();
    let seed = || Output::of(&mut workspace.frontdesk(&["seed", "--remove"])).errors;
    assert!(seed().contains("creating a new directory"));
    assert!(!seed().contains("creating a new directory"));
}
