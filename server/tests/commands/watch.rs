//! `frontdesk watch`.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout},
};

use serde_json::Value;

use crate::{
    binary::Place,
    helpers::{Said, objects},
    server::Server,
};

/// A watch that is running; ended when it is dropped.
struct Watch {
    process: Child,
    lines: BufReader<ChildStdout>,
}

impl Watch {
    fn start(place: &Place, url: &str, flags: &[&str]) -> Self {
        let arguments = [&["watch", "--json", "--server", url], flags].concat();
        let mut process = place.anywhere(&arguments).spawn().expect("it starts");
        let lines = BufReader::new(process.stdout.take().expect("its output"));
        Self { process, lines }
    }

    /// The next event that is one; each comes once and in order.
    fn next(&mut self) -> Value {
        loop {
            let mut line = String::new();
            self.lines.read_line(&mut line).expect("a line");
            let event = objects(&line).pop().expect("it goes on");
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

fn create(place: &Place, number: u32) {
    let email = format!("ada{number}@example.org");
    Said::by(&mut place.frontdesk(&["users", "create", "Ada", &email])).well();
}

#[test]
fn a_watch_goes_on_when_its_server_has_gone_and_come_and_misses_nothing() {
    let place = Place::new();
    let server = Server::start(&place);
    let (url, address) = (server.url.clone(), server.url.replace("http://", ""));
    create(&place, 0);
    let mut watch = Watch::start(&place, &url, &["--from", "0"]);
    let first = loop {
        let event = watch.next();
        if event["user"]["email"] == "ada0@example.org" {
            break event;
        }
    };
    assert_eq!(first["kind"], "CREATED");
    let mut revision: u64 = first["revision"]
        .as_str()
        .expect("a text")
        .parse()
        .expect("a number");
    let mut number = 0;
    for _ in 0..3 {
        number += 1;
        create(&place, number);
        revision += 1;
        assert_eq!(watch.next()["revision"], revision.to_string());
    }
    drop(server);
    // While nobody answers; into the folder itself.
    number += 1;
    create(&place, number);
    let _server = Server::start_with(&place, &["--listen", &address]);
    revision += 1;
    assert_eq!(watch.next()["revision"], revision.to_string());
}

#[test]
fn a_watch_of_what_is_not_to_be_had_ends_and_says_why() {
    let place = Place::new();
    place.run(&["seed", "--count", "1"]);
    let why = Said::by(&mut place.frontdesk(&["watch"])).refused(2);
    for words in ["`frontdesk serve`", "--server", "data"] {
        assert!(why.contains(words), "{why}");
    }
    let nobody = ["watch", "--server", "http://127.0.0.1:1"];
    let why = Said::by(&mut place.anywhere(&nobody)).refused(2);
    assert!(why.contains("no server answers"), "{why}");
}

#[test]
fn a_watch_from_where_no_record_reaches_ends_and_says_what_to_do() {
    let place = Place::new();
    let server = Server::start(&place);
    let watch = ["watch", "--server", &server.url, "--from", "1000000"];
    let why = Said::by(&mut place.anywhere(&watch)).refused(1);
    assert!(why.contains("from an earlier revision"), "{why}");
}
