//! Imports and exports with a server have the same results as without one.

use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader},
    process::{Child, Command},
};

use rcgen::{CertifiedKey, generate_simple_self_signed};

use crate::{
    binary::{Workspace, assert_intact, count_users, text},
    helpers::{USERS, export, failure},
    output::Output,
    server::Server,
};

const ROWS: u64 = 100_000;

fn many_rows() -> String {
    let mut rows = String::from("name,email\n");
    for number in 0..ROWS {
        writeln!(rows, "Nº {number},p{number}@example.org").expect("text");
    }
    rows
}

/// Runs a command; returns its standard output, its last line on standard error, and its exit code.
fn run(command: &mut Command) -> (String, String, Option<i32>) {
    let output = Output::of(command);
    let last = output.errors.lines().last().unwrap_or_default().to_owned();
    (output.out, last, output.code)
}

/// Starts an import, and returns when some of its rows are on disk.
fn start_import(workspace: &Workspace) -> Child {
    let mut import = workspace
        .frontdesk(&["import", "users.csv"])
        .spawn()
        .expect("it runs");
    let errors = import.stderr.take().expect("its errors");
    let mut lines = BufReader::new(errors).lines().map_while(Result::ok);
    assert!(
        lines.any(|line| line.ends_with(" so far")),
        "it ended before it reported progress"
    );
    // Standard error is closed here; the import continues.
    import
}

/// Resumes an interrupted import, and checks the result.
fn assert_resumes(workspace: &Workspace) {
    let output = Output::of(&mut workspace.frontdesk(&["import", "users.csv"]));
    assert!(
        output.errors.contains("resuming the import after "),
        "{}",
        output.errors
    );
    let all = format!("{ROWS} rows: {ROWS} created, 0 updated, 0 unchanged, 0 rejected\n");
    assert_eq!(output.success(), all, "as without an interruption");
    let again = format!("{ROWS} rows: 0 created, 0 updated, {ROWS} unchanged, 0 rejected\n");
    assert_eq!(workspace.run(&["import", "users.csv"]), again);
    let db = workspace.database();
    assert_eq!(count_users(&db), ROWS + 1_000);
    assert_intact(&db);
}

#[test]
fn output_and_users_are_the_same_with_and_without_a_server() {
    let file = [
        USERS,
        b"x,x,Nobody,At all,x,nobody.example.org,x,x,x\nx,x,Jane,Doe,x,John@example.com,x,x,x\n",
    ]
    .concat();
    let (workspace, workspace_with_server) = (Workspace::new(), Workspace::new());
    for workspace in [&workspace, &workspace_with_server] {
        workspace.write("users.csv", &file);
    }
    let server = Server::start(&workspace_with_server);
    let compare = |arguments: &[&str]| {
        let with_server = [arguments, &["--server", &server.url]].concat();
        let remote = run(&mut workspace_with_server.frontdesk_without_data(&with_server));
        let direct = run(&mut workspace.frontdesk(arguments));
        assert_eq!(remote.0, direct.0, "{arguments:?}: {}", remote.1);
        assert_eq!(remote.2, direct.2, "{arguments:?}: {}", remote.1);
    };
    for on_existing in ["reject", "skip", "update"] {
        let import = ["import", "users.csv", "--on-existing", on_existing];
        compare(&[&import[..], &["--dry-run"]].concat());
        compare(&import);
        assert_eq!(
            workspace_with_server.read("users.rejected.csv"),
            workspace.read("users.rejected.csv")
        );
    }
    compare(&["export"]);
    compare(&["export", "all.csv"]);
    assert_eq!(
        workspace_with_server.read("all.csv"),
        workspace.read("all.csv")
    );
    compare(&["export", "all.csv"]);
    assert!(
        export(&workspace_with_server)
            .iter()
            .any(|(name, _)| name == "Jane Doe")
    );

    for query in ["jane doe", "JÁNE", "example.com", "no such user", "%_*\"'"] {
        compare(&["export", "--query", query]);
    }
    let found = workspace_with_server.run(&["export", "--query", "jáne doe"]);
    assert_eq!(found, "name,email\nJane Doe,John@example.com\n");
    let none = workspace_with_server.run(&["export", "--query", "no such user"]);
    assert_eq!(none, "name,email\n");
    let long = "x".repeat(65);
    compare(&["export", "--query", &long]);
    let error = failure(&workspace_with_server, &["export", "--query", &long], 2);
    assert!(error.contains("64"), "{error}");
}

#[test]
fn a_server_is_found_by_its_data_directory_and_by_the_variable() {
    let workspace = Workspace::new();
    workspace.write("users.csv", "name,email\nAda,ada@example.org\n");
    let server = Server::start(&workspace);
    let output = Output::of(&mut workspace.frontdesk(&["import", "users.csv"]));
    let using = format!("using server {}", server.url);
    assert_eq!(output.errors.lines().next(), Some(&using[..]));
    output.success();

    let other = Workspace::new();
    let mut command = other.frontdesk_without_data(&["export"]);
    let (out, error, _) = run(command.env("FRONTDESK_SERVER", &server.url));
    assert!(out.ends_with("Ada,ada@example.org\n"), "{error}");
    drop(server);
    // The lock file still has its address, but is not locked.
    assert_eq!(export(&workspace).len(), 1_001);
}

#[test]
fn an_import_is_resumed_after_its_client_was_killed() {
    let workspace = Workspace::new();
    workspace.write("users.csv", many_rows());
    let _server = Server::start(&workspace);
    let mut import = start_import(&workspace);
    import.kill().expect("killed");
    import.wait().expect("it ends");
    assert_resumes(&workspace);
}

#[test]
fn an_import_is_resumed_after_its_server_was_killed() {
    let workspace = Workspace::new();
    workspace.write("users.csv", many_rows());
    let server = Server::start(&workspace);
    let import = start_import(&workspace);
    drop(server);
    let output = import.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let _server = Server::start(&workspace);
    assert_resumes(&workspace);
}

#[test]
fn an_unreachable_server_is_reported_with_what_to_do() {
    let workspace = Workspace::new();
    workspace.write("users.csv", "name,email\nAda,ada@example.org\n");
    for command in [&["import", "users.csv"][..], &["export"]] {
        let unreachable = [command, &["--server", "http://127.0.0.1:1"]].concat();
        let (_, error, code) = run(&mut workspace.frontdesk_without_data(&unreachable));
        assert_eq!(code, Some(2), "{error}");
        for expected in ["http://127.0.0.1:1", "`frontdesk serve`", "--data"] {
            assert!(error.contains(expected), "{error}");
        }
        let not_a_url = [command, &["--server", "127.0.0.1:50051"]].concat();
        let (_, error, code) = run(&mut workspace.frontdesk_without_data(&not_a_url));
        assert_eq!(code, Some(2), "{error}");
        assert!(error.contains("http:// or https://"), "{error}");
    }
}

#[test]
fn a_self_signed_server_is_trusted_with_server_ca() {
    let workspace = Workspace::new();
    let names = ["localhost".to_owned()];
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(names).expect("a certificate");
    workspace.write("cert.pem", cert.pem());
    workspace.write("key.pem", signing_key.serialize_pem());
    let flags = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    let listen = ["--listen", "127.0.0.1:0"];
    let server = Server::start_with(&workspace, &[&flags[..], &listen].concat());
    let url = server.url.replace("127.0.0.1", "localhost");
    let export = ["export", "--server", &url];
    let (_, error, code) = run(&mut workspace.frontdesk_without_data(&export));
    assert_eq!(code, Some(2), "{error}");
    assert!(error.contains("--server-ca"), "{error}");
    let trusted = [&export[..], &["--server-ca", "cert.pem"]].concat();
    let (out, error, code) = run(&mut workspace.frontdesk_without_data(&trusted));
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("John Doe,john@example.com\n"), "{out}");
}
