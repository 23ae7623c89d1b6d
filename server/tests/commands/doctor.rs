//! `frontdesk doctor`.

use std::{fs, net::TcpListener};

use crate::{binary::Workspace, output::Output, server::Server};

fn doctor(workspace: &Workspace, listen: &str) -> Output {
    let mut doctor = workspace.frontdesk(&["doctor"]);
    Output::of(doctor.env("FRONTDESK_LISTEN", listen))
}

#[test]
fn checks_succeed_with_and_without_a_server_and_create_nothing() {
    let workspace = Workspace::new();
    let output = doctor(&workspace, "127.0.0.1:0").success();
    for expected in [
        "ok      frontdesk   0.",
        "ok      sqlite      3.",
        "ok      settings    listen (variable), data (flag)",
        "does not exist yet: `frontdesk serve`",
        "ok      disk ",
        "ok      port ",
        "ok      clock ",
        "ok      open files",
    ] {
        assert!(output.contains(expected), "{expected}: {output}");
    }
    assert!(!workspace.path("data").exists(), "a directory was created");

    let server = Server::start(&workspace);
    let address = server.url.replace("http://", "");
    let output = doctor(&workspace, &address).success();
    for expected in [
        "open in frontdesk serve, process ",
        "intact; 1000 users, revision 1000",
        "is used by the server of this data directory",
    ] {
        assert!(output.contains(expected), "{expected}: {output}");
    }
    let other = doctor(&Workspace::new(), &address);
    assert!(
        other
            .out
            .contains("is used by a Frontdesk server with another data directory"),
        "{}",
        other.out
    );
    other.failure(1);
}

#[test]
fn a_database_close_to_its_size_limit_fails() {
    let workspace = Workspace::new();
    workspace.run(&["seed", "--count", "4000"]);
    let doctor = |limit: &str| {
        let mut doctor = workspace.frontdesk(&["doctor"]);
        doctor.env("FRONTDESK_LISTEN", "127.0.0.1:0");
        Output::of(doctor.env("FRONTDESK_MAX_DATABASE_MIB", limit))
    };
    let output = doctor("64").success();
    assert!(output.contains("ok      size "), "{output}");
    let output = doctor("1");
    let expected = "of --max-database-mib 1: raise the limit";
    assert!(output.out.contains(expected), "{}", output.out);
    output.failure(1);
}

#[test]
fn a_write_ahead_log_without_its_database_fails() {
    let workspace = Workspace::new();
    workspace.run(&["seed", "--count", "1"]);
    let database = workspace.path("data/frontdesk.db");
    fs::rename(&database, workspace.path("data/frontdesk.db-wal")).expect("renamed");
    let output = doctor(&workspace, "127.0.0.1:0");
    assert!(output.out.contains("FAILED  database"), "{}", output.out);
    assert!(output.out.contains("put back"), "{}", output.out);
    output.failure(1);
    assert!(!database.exists(), "a database was created");
}

#[test]
fn failed_checks_are_reported_with_what_to_do() {
    let workspace = Workspace::new();
    workspace.run(&["seed", "--count", "1"]);
    fs::write(workspace.path("data/frontdesk.db"), "nonsense").expect("damaged");
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = other.local_addr().expect("its address").to_string();
    let output = doctor(&workspace, &address);
    let failed: Vec<_> = output
        .out
        .lines()
        .filter(|line| line.starts_with("FAILED"))
        .collect();
    assert_eq!(failed.len(), 2, "{}", output.out);
    assert!(
        failed[0].contains("put a backup into a new one"),
        "{}",
        failed[0]
    );
    assert!(failed[1].contains("--listen"), "{}", failed[1]);
    let error = output.failure(1);
    assert!(error.contains("2 checks failed"), "{error}");
}
