//! `frontdesk users`.

use crate::{
    binary::{Place, assert_sound},
    helpers::{Said, objects},
    server::Server,
};

/// Runs `frontdesk users …` on a place's directory.
fn users(place: &Place, arguments: &[&str]) -> Said {
    Said::by(&mut place.frontdesk(&[&["users"], arguments].concat()))
}

/// A place with a directory, served or not.
fn places() -> [(Place, Option<Server>); 2] {
    let (one, other) = (Place::new(), Place::new());
    other.run(&["seed", "--count", "1"]);
    let server = Server::start(&one);
    [(one, Some(server)), (other, None)]
}

#[test]
fn somebody_is_added_changed_deleted_and_restored_with_and_without_a_server() {
    for (place, _server) in places() {
        let created = users(&place, &["create", "Ada", "ada@example.org", "--json"]).well();
        let created = &objects(&created)[0];
        let id = created["id"].as_i64().expect("a number").to_string();
        assert_eq!(created["name"], "Ada");
        let revision = created["revision"].as_str().expect("a text, as int64 is");

        let updated = users(&place, &["update", &id, "--name", "Ada L.", "--json"]).well();
        assert_eq!(objects(&updated)[0]["name"], "Ada L.");
        assert_eq!(objects(&updated)[0]["email"], "ada@example.org");
        let late = ["delete", &id, "--expected-revision", revision];
        let why = users(&place, &late).refused(1);
        assert!(why.contains("changed since"), "{why}");

        let deleted = users(&place, &["delete", &id]).well();
        assert!(deleted.contains("GONE FOR GOOD"), "{deleted}");
        let why = users(&place, &["get", &id]).refused(1);
        assert!(why.contains(&format!("user {id} not found")), "{why}");
        let restored = users(&place, &["restore", &id]).well();
        assert!(restored.contains("Ada L."), "{restored}");
        let got = users(&place, &["get", &id]).well();
        assert_eq!(got, restored);
        assert_sound(&place.database());
    }
}

#[test]
fn without_a_server_the_settings_are_those_that_a_server_would_have() {
    let place = Place::new();
    place.run(&["seed", "--count", "1"]);
    let mut delete = place.frontdesk(&["users", "delete", "1", "--json"]);
    // A hundred years.
    let deleted = Said::by(delete.env("FRONTDESK_BIN_DAYS", "36500")).well();
    let gone = objects(&deleted)[0]["purgeTime"].to_string();
    assert!(gone.starts_with("\"21"), "{gone}");

    let mut create = place.frontdesk(&["users", "create", "Ada", "ada@example.org"]);
    let why = Said::by(create.env("FRONTDESK_MAX_DATABASE_MIB", "0")).refused(2);
    assert!(why.contains("--max-database-mib"), "{why}");
}

#[test]
fn what_is_refused_says_why_and_ends_with_the_code_for_it() {
    for (place, _server) in places() {
        for (arguments, code, words) in [
            (&["get", "2000000"][..], 1, "user 2000000 not found"),
            (&["create", "John", "JOHN@example.com"], 1, "user 1 has"),
            (&["create", "", "x"], 2, "name: "),
            (&["update", "1", "--email", "x"], 2, "email: "),
            (&["update", "1"], 2, "--name"),
            (&["list", "--page", "0"], 2, "--page"),
            (&["get", "x"], 2, "x"),
            (&["list", "--page-size", "3"], 2, "--page <"),
            (&["restore", "1"], 1, "user 1 is not in the bin"),
        ] {
            let why = users(&place, arguments).refused(code);
            assert!(why.contains(words), "{arguments:?}: {why}");
        }
    }
    let nowhere = Place::new();
    let why = users(&nowhere, &["get", "1"]).refused(2);
    assert!(why.contains("no directory yet"), "{why}");
    assert!(!nowhere.path("data").exists(), "a folder was made");
}

#[test]
fn a_list_is_a_table_for_people_and_lines_of_json_for_programs() {
    for (place, _server) in places() {
        let table = users(&place, &["list", "--page", "1", "--page-size", "3"]).well();
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(lines.len(), 4, "{table}");
        assert!(lines[0].starts_with("ID  NAME"), "{table}");
        assert!(lines[1].starts_with("1   John Doe"), "{table}");
        assert!(!table.contains('\u{1b}'), "colours off a terminal: {table}");

        let all = users(&place, &["list", "--json"]).well();
        let all = objects(&all);
        assert!(all.len() >= 1_000);
        assert_eq!(all[0]["email"], "john@example.com");
        assert_eq!(all[0].get("sample"), None, "what is not so is left out");
        assert_eq!(all[1]["sample"], true);
        assert!(
            all[0]["updateTime"]
                .as_str()
                .expect("a time")
                .ends_with('Z')
        );
    }
}

#[test]
fn a_change_that_is_sent_again_is_made_once() {
    let place = Place::new();
    let _server = Server::start(&place);
    let create = ["create", "Ada", "ada@example.org", "--request-id", "once"];
    let first = users(&place, &create).well();
    assert_eq!(users(&place, &create).well(), first);
}

#[test]
fn the_folder_can_be_named_by_a_file_of_settings_and_everybody_exported_is_listed() {
    let place = Place::new();
    place.run(&["seed", "--count", "1"]);
    place.run(&["export", "all.csv"]);
    place.write("desk.toml", "data = \"data\"\n");
    let list = ["users", "list", "--json", "--config", "desk.toml"];
    let list = Said::by(&mut place.anywhere(&list)).well();
    assert_eq!(
        list.lines().count() + 1,
        place.read("all.csv").lines().count()
    );
}

#[test]
fn a_history_is_newest_first_and_says_what_was_before() {
    for (place, _server) in places() {
        users(&place, &["update", "1", "--name", "Jane Doe"]).well();
        users(&place, &["delete", "1"]).well();
        let said = users(&place, &["history", "1"]).well();
        let lines: Vec<_> = said.lines().collect();
        assert_eq!(lines.len(), 3, "{said}");
        assert!(lines[0].contains("  deleted   1  Jane Doe  "), "{said}");
        assert!(lines[1].ends_with("  (was John Doe)"), "{said}");
        let json = users(&place, &["history", "1", "--limit", "1", "--json"]).well();
        let last = &objects(&json)[0];
        assert_eq!(last["kind"], "DELETED");
        assert_eq!(last["user"]["id"], 1);
        assert_eq!(json.lines().count(), 1);
    }
}

#[test]
fn exit_codes_are_in_the_help() {
    let place = Place::new();
    let help = place.anywhere(&["--help"]).output().expect("it runs");
    let help = crate::binary::text(&help.stdout);
    for words in ["Exit codes:", "  0  ", "  1  ", "  2  "] {
        assert!(help.contains(words), "{help}");
    }
}
