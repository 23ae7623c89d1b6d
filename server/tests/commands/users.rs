//! `frontdesk users`.

use crate::{
    binary::{Workspace, assert_intact},
    helpers::parse_json_lines,
    output::Output,
    server::Server,
};

/// Runs `frontdesk users …`.
fn users(workspace: &Workspace, arguments: &[&str]) -> Output {
    Output::of(&mut workspace.frontdesk(&[&["users"], arguments].concat()))
}

/// A data directory with a server, and one without.
fn workspaces() -> [(Workspace, Option<Server>); 2] {
    let (remote, local) = (Workspace::new(), Workspace::new());
    local.run(&["seed", "--count", "1"]);
    let server = Server::start(&remote);
    [(remote, Some(server)), (local, None)]
}

#[test]
fn a_user_is_created_updated_deleted_and_restored_with_and_without_a_server() {
    for (workspace, _server) in workspaces() {
        let created = users(&workspace, &["create", "Ada", "ada@example.org", "--json"]).success();
        let created = &parse_json_lines(&created)[0];
        let id = created["id"].as_i64().expect("a number").to_string();
        assert_eq!(created["name"], "Ada");
        let revision = created["revision"].as_str().expect("int64 is a string");

        let updated = users(&workspace, &["update", &id, "--name", "Ada L.", "--json"]).success();
        assert_eq!(parse_json_lines(&updated)[0]["name"], "Ada L.");
        assert_eq!(parse_json_lines(&updated)[0]["email"], "ada@example.org");
        let outdated = ["delete", &id, "--expected-revision", revision];
        let error = users(&workspace, &outdated).failure(1);
        assert!(error.contains("changed since"), "{error}");

        let deleted = users(&workspace, &["delete", &id]).success();
        assert!(deleted.contains("PURGE AFTER"), "{deleted}");
        let error = users(&workspace, &["get", &id]).failure(1);
        assert!(error.contains(&format!("user {id} not found")), "{error}");
        let restored = users(&workspace, &["restore", &id]).success();
        assert!(restored.contains("Ada L."), "{restored}");
        let got = users(&workspace, &["get", &id]).success();
        assert_eq!(got, restored);
        assert_intact(&workspace.database());
    }
}

#[test]
fn without_a_server_the_settings_of_a_server_apply() {
    let workspace = Workspace::new();
    workspace.run(&["seed", "--count", "1"]);
    let mut delete = workspace.frontdesk(&["users", "delete", "1", "--json"]);
    // A hundred years.
    let deleted = Output::of(delete.env("FRONTDESK_TRASH_DAYS", "36500")).success();
    let purge_time = parse_json_lines(&deleted)[0]["purgeTime"].to_string();
    assert!(purge_time.starts_with("\"21"), "{purge_time}");

    let mut create = workspace.frontdesk(&["users", "create", "Ada", "ada@example.org"]);
    let error = Output::of(create.env("FRONTDESK_MAX_DATABASE_MIB", "0")).failure(2);
    assert!(error.contains("FRONTDESK_MAX_DATABASE_MIB"), "{error}");
}

#[test]
fn errors_have_a_reason_and_their_exit_code() {
    for (workspace, _server) in workspaces() {
        for (arguments, code, expected) in [
            (&["get", "2000000"][..], 1, "user 2000000 not found"),
            (&["create", "John", "JOHN@example.com"], 1, "user 1 has"),
            (&["create", "", "x"], 2, "name: "),
            (&["update", "1", "--email", "x"], 2, "email: "),
            (&["update", "1"], 2, "--name"),
            (&["list", "--page", "0"], 2, "--page"),
            (&["get", "x"], 2, "x"),
            (&["list", "--page-size", "3"], 2, "--page <"),
            (&["restore", "1"], 1, "user 1 is not in the trash"),
        ] {
            let error = users(&workspace, arguments).failure(code);
            assert!(error.contains(expected), "{arguments:?}: {error}");
        }
    }
    let empty = Workspace::new();
    let error = users(&empty, &["get", "1"]).failure(2);
    assert!(error.contains("no directory yet"), "{error}");
    assert!(!empty.path("data").exists(), "a directory was created");
}

#[test]
fn a_list_is_a_table_or_lines_of_json() {
    for (workspace, _server) in workspaces() {
        let table = users(&workspace, &["list", "--page", "1", "--page-size", "3"]).success();
        let lines: Vec<_> = table.lines().collect();
        assert_eq!(lines.len(), 4, "{table}");
        assert!(lines[0].starts_with("ID  NAME"), "{table}");
        assert!(lines[1].starts_with("1   John Doe"), "{table}");
        assert!(
            !table.contains('\u{1b}'),
            "styles without a terminal: {table}"
        );

        let all = users(&workspace, &["list", "--json"]).success();
        let all = parse_json_lines(&all);
        assert!(all.len() >= 1_000);
        assert_eq!(all[0]["email"], "john@example.com");
        assert_eq!(all[0].get("sample"), None, "false is omitted");
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
fn a_repeated_request_id_changes_nothing() {
    let workspace = Workspace::new();
    let _server = Server::start(&workspace);
    let create = ["create", "Ada", "ada@example.org", "--request-id", "once"];
    let first = users(&workspace, &create).success();
    assert_eq!(users(&workspace, &create).success(), first);
}

#[test]
fn the_data_directory_can_be_set_in_a_file_and_a_list_has_all_exported_users() {
    let workspace = Workspace::new();
    workspace.run(&["seed", "--count", "1"]);
    workspace.run(&["export", "all.csv"]);
    workspace.write("frontdesk.toml", "data = \"data\"\n");
    let list = ["users", "list", "--json", "--config", "frontdesk.toml"];
    let list = Output::of(&mut workspace.frontdesk_without_data(&list)).success();
    assert_eq!(
        list.lines().count() + 1,
        workspace.read("all.csv").lines().count()
    );
}

#[test]
fn a_history_is_newest_first_and_has_previous_values() {
    for (workspace, _server) in workspaces() {
        users(&workspace, &["update", "1", "--name", "Jane Doe"]).success();
        users(&workspace, &["delete", "1"]).success();
        let output = users(&workspace, &["history", "1"]).success();
        let lines: Vec<_> = output.lines().collect();
        assert_eq!(lines.len(), 3, "{output}");
        assert!(lines[0].contains("  deleted   1  Jane Doe  "), "{output}");
        assert!(lines[1].ends_with("  (was John Doe)"), "{output}");
        let json = users(&workspace, &["history", "1", "--limit", "1", "--json"]).success();
        let last = &parse_json_lines(&json)[0];
        assert_eq!(last["kind"], "DELETED");
        assert_eq!(last["user"]["id"], 1);
        assert_eq!(json.lines().count(), 1);
    }
}

#[test]
fn exit_codes_are_in_the_help() {
    let workspace = Workspace::new();
    let help = Output::of(&mut workspace.frontdesk_without_data(&["--help"])).success();
    for expected in ["Exit codes:", "  0  ", "  1  ", "  2  "] {
        assert!(help.contains(expected), "{help}");
    }
}
