//! `frontdesk doctor`.

use std::{fs, net::TcpListener};

use crate::{binary::Place, helpers::Said, server::Server};

/// What it says of a place whose server would answer there.
fn doctor(place: &Place, listen: &str) -> Said {
    let mut doctor = place.frontdesk(&["doctor"]);
    Said::by(doctor.env("FRONTDESK_LISTEN", listen))
}

#[test]
fn where_all_is_well_everything_is_said_and_nothing_made() {
    let place = Place::new();
    let said = doctor(&place, "127.0.0.1:0").well();
    for words in [
        "ok        frontdesk   0.",
        "ok        sqlite      3.",
        "there is none yet: `frontdesk serve`",
        "ok        disk ",
        "ok        port ",
        "ok        clock ",
        "ok        open files",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!place.path("data").exists(), "a folder was made");

    let server = Server::start(&place);
    let address = server.url.replace("http://", "");
    let said = doctor(&place, &address).well();
    for words in [
        "open by frontdesk serve, process ",
        "sound; 1000 users, revision 1000",
        "the server of this folder answers",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let elsewhere = doctor(&Place::new(), &address);
    assert!(
        elsewhere
            .out
            .contains("a Frontdesk with another folder answers"),
        "{}",
        elsewhere.out
    );
    elsewhere.refused(1);
}

#[test]
fn a_database_that_is_nearly_as_large_as_it_may_be_is_told() {
    let place = Place::new();
    place.run(&["seed", "--count", "4000"]);
    let doctor = |most: &str| {
        let mut doctor = place.frontdesk(&["doctor"]);
        doctor.env("FRONTDESK_LISTEN", "127.0.0.1:0");
        Said::by(doctor.env("FRONTDESK_MAX_DATABASE_MIB", most))
    };
    let said = doctor("64").well();
    assert!(said.contains("ok        room "), "{said}");
    let said = doctor("1");
    let words = "of the 1 MiB of --max-database-mib are taken: raise it";
    assert!(said.out.contains(words), "{}", said.out);
    said.refused(1);
}

#[test]
fn a_log_whose_database_is_gone_is_told() {
    let place = Place::new();
    place.run(&["seed", "--count", "1"]);
    let database = place.path("data/frontdesk.db");
    fs::rename(&database, place.path("data/frontdesk.db-wal")).expect("something in it");
    let said = doctor(&place, "127.0.0.1:0");
    assert!(said.out.contains("NOT WELL  database"), "{}", said.out);
    assert!(said.out.contains("put back"), "{}", said.out);
    said.refused(1);
    assert!(!database.exists(), "a database was made");
}

#[test]
fn what_is_not_well_is_said_with_what_to_do() {
    let place = Place::new();
    place.run(&["seed", "--count", "1"]);
    fs::write(place.path("data/frontdesk.db"), "nonsense").expect("damage");
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = other.local_addr().expect("its address").to_string();
    let said = doctor(&place, &address);
    let unwell: Vec<_> = said
        .out
        .lines()
        .filter(|line| line.starts_with("NOT WELL"))
        .collect();
    assert_eq!(unwell.len(), 2, "{}", said.out);
    assert!(
        unwell[0].contains("put a backup into a new one"),
        "{}",
        unwell[0]
    );
    assert!(unwell[1].contains("--listen"), "{}", unwell[1]);
    let why = said.refused(1);
    assert!(why.contains("2 things are not well"), "{why}");
}
