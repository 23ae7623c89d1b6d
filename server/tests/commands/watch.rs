//! `frontdesk watch`.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout},
};

use serde_json::Value;

use crate::{binary::Workspace, helpers::parse_json_lines, output::Output, server::Server};

/// A running watch; killed when it is dropped.
struct Watch {
    process: Child,
    lines: BufReader<ChildStdout>,
}

impl Watch {
    fn start(workspace: &Workspace, url: &str, flags: &[&str]) -> Self {
        let arguments = [&["watch", "--json", "--server", url], flags].concat();
        let mut process = workspace
            .frontdesk_without_data(&arguments)
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(process.stdout.take().expect("its output"));
        Self { process, lines }
    }

    /// The next event that is not a bookmark.
    fn next(&mut self) -> Value {
        loop {
            let mut line = String::new();
            self.lines.read_line(&mut line).expect("a line");
            let event = parse_json_lines(&line).pop().expect("not the end");
            if event["kind"] != "BOOKMARK" {
                return event;
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn create(workspace: &Workspace, number: u32) {
    let email = format!("ada{number}@example.org");
    Output::of(&mut workspace.frontdesk(&["users", "create", "Ada", &email])).success();
}

#[test]
fn a_watch_resumes_after_a_restart_of_the_server_and_misses_no_change() {
    let workspace = Workspace::new();
    let server = Server::start(&workspace);
    let (url, address) = (server.url.clone(), server.url.replace("http://", ""));
    create(&workspace, 0);
    let mut watch = Watch::start(&workspace, &url, &["--from", "0"]);
    let first = loop {
        let event = watch.next();
        if event["user"]["email"] == "ada0@example.org" {
            break event;
        }
    };
    assert_eq!(first["kind"], "CREATED");
    let mut revision: u64 = first["revision"]
        .as_str()
        .expect("a string")
        .parse()
        .expect("a number");
    let mut number = 0;
    for _ in 0..3 {
        number += 1;
        create(&workspace, number);
        revision += 1;
        assert_eq!(watch.next()["revision"], revision.to_string());
    }
    drop(server);
    // Written to the data directory while there is no server.
    number += 1;
    create(&workspace, number);
    let _server = Server::start_with(&workspace, &["--listen", &address]);
    revision += 1;
    assert_eq!(watch.next()["revision"], revision.to_string());
}

#[test]
fn a_watch_without_a_server_fails() {
    let workspace = Workspace::new();
    workspace.run(&["seed", "--count", "1"]);
    let error = Output::of(&mut workspace.frontdesk(&["watch"])).failure(2);
    for expected in ["`frontdesk serve`", "--server", "data"] {
        assert!(error.contains(expected), "{error}");
    }
    let watch = ["watch", "--server", "http://127.0.0.1:1"];
    let error = Output::of(&mut workspace.frontdesk_without_data(&watch)).failure(2);
    assert!(error.contains("cannot connect"), "{error}");
}

#[test]
fn a_watch_from_a_future_revision_fails_with_what_to_do() {
    let workspace = Workspace::new();
    let server = Server::start(&workspace);
    let watch = ["watch", "--server", &server.url, "--from", "1000000"];
    let error = Output::of(&mut workspace.frontdesk_without_data(&watch)).failure(1);
    assert!(error.contains("from an earlier revision"), "{error}");
}
