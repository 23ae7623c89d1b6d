//! Imports and exports through a server: the same words, the same people, whatever breaks.

use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader},
    process::{Child, Command},
};

use rcgen::{CertifiedKey, generate_simple_self_signed};

use crate::{
    binary::{Place, assert_sound, text, total},
    helpers::{PEOPLE, exported, refused},
    server::Server,
};

const ROWS: u64 = 100_000;

fn many() -> String {
    let mut people = String::from("name,email\n");
    for number in 0..ROWS {
        writeln!(people, "Nº {number},p{number}@example.org").expect("text");
    }
    people
}

/// Runs a command; what it says, on standard output and at last on standard error, and its code.
fn said(command: &mut Command) -> (String, String, Option<i32>) {
    let output = command.output().expect("it runs");
    let errors = text(&output.stderr);
    let last = errors.lines().last().unwrap_or_default().to_owned();
    (text(&output.stdout), last, output.status.code())
}

/// An import that has come so far that some of it is on disk and some is not.
fn half_way(place: &Place) -> Child {
    let mut import = place
        .frontdesk(&["import", "people.csv"])
        .spawn()
        .expect("it runs");
    let errors = import.stderr.take().expect("its errors");
    let mut lines = BufReader::new(errors).lines().map_while(Result::ok);
    assert!(
        lines.any(|line| line.ends_with(" so far")),
        "it ended before it was half way"
    );
    // Nobody reads on: what it still says is lost, and that is no failure.
    import
}

/// Goes on with an import that broke off, and looks at what is there then.
fn goes_on(place: &Place) {
    let output = place
        .frontdesk(&["import", "people.csv"])
        .output()
        .expect("it runs");
    let errors = text(&output.stderr);
    assert!(
        errors.contains("it goes on where it broke off: ") && output.status.success(),
        "{errors}"
    );
    let all = format!("{ROWS} rows: {ROWS} new, 0 changed, 0 already there, 0 refused\n");
    assert_eq!(text(&output.stdout), all, "as if it had not broken off");
    let again = format!("{ROWS} rows: 0 new, 0 changed, {ROWS} already there, 0 refused\n");
    assert_eq!(place.run(&["import", "people.csv"]), again);
    let db = place.database();
    assert_eq!(total(&db), ROWS + 1_000);
    assert_sound(&db);
}

#[test]
fn the_words_and_the_people_are_the_same_through_a_server_and_without_one() {
    let file = [
        PEOPLE,
        b"x,x,Nobody,At all,x,nobody.example.org,x,x,x\nx,x,Jane,Doe,x,John@example.com,x,x,x\n",
    ]
    .concat();
    let (here, there) = (Place::new(), Place::new());
    for place in [&here, &there] {
        place.write("people.csv", &file);
    }
    let server = Server::start(&there);
    let runs = |arguments: &[&str]| {
        let with_server = [arguments, &["--server", &server.url]].concat();
        let through = said(&mut there.anywhere(&with_server));
        let beside = said(&mut here.frontdesk(arguments));
        // It says through which server it went, and for the rest the same.
        assert_eq!(through.0, beside.0, "{arguments:?}: {}", through.1);
        assert_eq!(through.2, beside.2, "{arguments:?}: {}", through.1);
    };
    for on_existing in ["refuse", "skip", "update"] {
        let import = ["import", "people.csv", "--on-existing", on_existing];
        runs(&[&import[..], &["--dry-run"]].concat());
        runs(&import);
        assert_eq!(
            there.read("people.rejected.csv"),
            here.read("people.rejected.csv")
        );
    }
    runs(&["export"]);
    runs(&["export", "all.csv"]);
    assert_eq!(there.read("all.csv"), here.read("all.csv"));
    runs(&["export", "all.csv"]);
    assert!(exported(&there).iter().any(|(name, _)| name == "Jane Doe"));

    // Only who is found, the same way as in a list.
    for query in [
        "jane doe",
        "JÁNE",
        "example.com",
        "nobody who is there",
        "%_*\"'",
    ] {
        runs(&["export", "--query", query]);
    }
    let found = there.run(&["export", "--query", "jáne doe"]);
    assert_eq!(found, "name,email\nJane Doe,John@example.com\n");
    let none = there.run(&["export", "--query", "nobody who is there"]);
    assert_eq!(none, "name,email\n");
    let long = "x".repeat(65);
    runs(&["export", "--query", &long]);
    let why = refused(&there, &["export", "--query", &long], 2);
    assert!(why.contains("64"), "{why}");
}

#[test]
fn the_server_that_has_a_folder_open_is_found_by_the_folder_and_by_the_variable() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    let server = Server::start(&place);
    let output = place.frontdesk(&["import", "people.csv"]).output();
    let output = output.expect("it runs");
    let errors = text(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let through = format!("through the server at {}", server.url);
    assert_eq!(errors.lines().next(), Some(&through[..]));

    let elsewhere = Place::new();
    let mut export = elsewhere.anywhere(&["export"]);
    let (out, why, _) = said(export.env("FRONTDESK_SERVER", &server.url));
    assert!(out.ends_with("Ada,ada@example.org\n"), "{why}");
    drop(server);
    // Its line is still in the lock; nobody holds that.
    assert_eq!(exported(&place).len(), 1_001);
}

#[test]
fn an_import_whose_client_was_killed_goes_on_and_takes_nobody_twice() {
    let place = Place::new();
    place.write("people.csv", many());
    let _server = Server::start(&place);
    let mut import = half_way(&place);
    import.kill().expect("killed");
    import.wait().expect("it ends");
    goes_on(&place);
}

#[test]
fn an_import_whose_server_was_killed_says_so_goes_on_and_takes_nobody_twice() {
    let place = Place::new();
    place.write("people.csv", many());
    let server = Server::start(&place);
    let import = half_way(&place);
    drop(server);
    let output = import.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    let _server = Server::start(&place);
    goes_on(&place);
}

#[test]
fn a_server_that_does_not_answer_is_named_with_what_to_do() {
    let place = Place::new();
    place.write("people.csv", "name,email\nAda,ada@example.org\n");
    for command in [&["import", "people.csv"][..], &["export"]] {
        let nobody = [command, &["--server", "http://127.0.0.1:1"]].concat();
        let (_, why, code) = said(&mut place.anywhere(&nobody));
        assert_eq!(code, Some(2), "{why}");
        for words in ["http://127.0.0.1:1", "`frontdesk serve`", "--data"] {
            assert!(why.contains(words), "{why}");
        }
        let no_url = [command, &["--server", "127.0.0.1:50051"]].concat();
        let (_, why, code) = said(&mut place.anywhere(&no_url));
        assert_eq!(code, Some(2), "{why}");
        assert!(why.contains("http:// or https://"), "{why}");
    }
}

#[test]
fn a_server_with_a_certificate_of_its_own_is_trusted_when_that_is_said() {
    let place = Place::new();
    let names = ["localhost".to_owned()];
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(names).expect("a certificate");
    place.write("cert.pem", cert.pem());
    place.write("key.pem", signing_key.serialize_pem());
    let flags = ["--tls-cert", "cert.pem", "--tls-key", "key.pem"];
    let listen = ["--listen", "127.0.0.1:0"];
    let server = Server::start_with(&place, &[&flags[..], &listen].concat());
    let url = server.url.replace("127.0.0.1", "localhost");
    let export = ["export", "--server", &url];
    let (_, why, code) = said(&mut place.anywhere(&export));
    assert_eq!(code, Some(2), "{why}");
    assert!(why.contains("--server-ca"), "{why}");
    let trusting = [&export[..], &["--server-ca", "cert.pem"]].concat();
    let (out, why, code) = said(&mut place.anywhere(&trusting));
    assert_eq!(code, Some(0), "{why}");
    assert!(out.contains("John Doe,john@example.com\n"), "{out}");
}
