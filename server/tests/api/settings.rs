//! Settings: what goes before what, and one clear line where something is wrong.

use std::{
    fs,
    net::TcpListener,
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::helpers::{Open, frontdesk};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Runs to the end; it must refuse.
fn refused(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("it runs");
    let words = String::from_utf8(stderr).expect("text");
    assert_eq!(status.code(), Some(2), "{words}");
    assert!(stdout.is_empty(), "it said that it is open");
    words
}

fn one_line(words: &str) {
    assert_eq!(words.trim_end().lines().count(), 1, "{words}");
}

#[test]
fn a_port_in_use_is_named_and_nothing_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let home = folder();
    let data = home.path().join("data");
    let words = refused(
        frontdesk()
            .args(["--listen", &address, "--data"])
            .arg(&data),
    );
    one_line(&words);
    assert!(
        words.contains("--listen") && words.contains(&address),
        "{words}"
    );
    assert!(!data.exists(), "a folder was made all the same");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let home = folder();
    let file = home.path().join("file");
    fs::write(&file, "").expect("a file");
    let data = file.join("data");
    let words = refused(
        frontdesk()
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(&data),
    );
    one_line(&words);
    assert!(words.contains("--data"), "{words}");
}

#[test]
fn a_second_frontdesk_is_told_who_has_the_folder() {
    let data = folder();
    let first = Open::start(
        frontdesk()
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.path()),
    );
    let words = refused(
        frontdesk()
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.path()),
    );
    one_line(&words);
    assert!(words.contains(first.url.trim_end_matches('/')), "{words}");
    assert!(words.contains(&first.id().to_string()), "{words}");
}

#[test]
fn what_makes_no_sense_is_named_by_its_setting() {
    for (arguments, named) in [
        (&["--listen", "nowhere"][..], "--listen"),
        (&["--listen", "8080"], "like 127.0.0.1:50051"),
        (&["--max-calls", "0"], "--max-calls"),
        (&["--max-calls", "many"], "a whole number from 1"),
        (&["--max-sockets", "0"], "--max-sockets"),
        (&["--max-client-sockets", "0"], "--max-client-sockets"),
        (&["--max-client-calls", "0"], "--max-client-calls"),
        (
            &["--max-client-connections", "0"],
            "--max-client-connections",
        ),
        (&["--send-timeout", "0"], "--send-timeout"),
        (&["--bookmark-interval", "0"], "--bookmark-interval"),
        (&["--trash-days", "36501"], "--trash-days"),
        (&["--change-log-days", "36501"], "--change-log-days"),
        (&["--max-streams", "1024"], "--max-calls"),
        (&["--allow-origin", "*"], "--allow-origin"),
        (&["--log-format", "loud"], "--log-format"),
        (&["--log", "=[="], "--log"),
        (&["--no-such-flag"], "--no-such-flag"),
        (&["--list-compression", "sometimes"], "--list-compression"),
        (&["--data", "x", "serve"], "after the subcommand"),
        (
            &["--data", "x", "--max-calls", "9", "import", "y.csv"],
            "`frontdesk import --data DIR`",
        ),
    ] {
        let words = refused(frontdesk().args(arguments));
        one_line(&words);
        assert!(words.contains(named), "{arguments:?}: {words}");
    }
}

#[test]
fn a_variable_that_makes_no_sense_is_named() {
    for (name, value, named) in [
        ("FRONTDESK_MAX_CALLS", "many", "FRONTDESK_MAX_CALLS"),
        ("FRONTDESK_LISTEN", "8080", "FRONTDESK_LISTEN"),
        ("FRONTDESK_LISTEN", "8080", "like 127.0.0.1:50051"),
        (
            "FRONTDESK_LISTEN",
            "127.0.0.1:0,desk",
            "like 127.0.0.1:50051",
        ),
        ("FRONTDESK_LIST_COMPRESSION", "yes", "remote"),
    ] {
        let words = refused(frontdesk().env(name, value));
        one_line(&words);
        assert!(words.contains(named), "{name}={value}: {words}");
        let internal = words.contains("Settings::") || words.contains("u32");
        assert!(!internal, "{name}={value}: {words}");
    }
}

#[test]
fn a_variable_that_is_empty_is_named_rather_than_guessed_at() {
    for name in [
        "FRONTDESK_LISTEN",
        "FRONTDESK_DATA",
        "FRONTDESK_ALLOW_ORIGIN",
        "FRONTDESK_KEEPALIVE",
    ] {
        let words = refused(frontdesk().env(name, ""));
        one_line(&words);
        assert!(words.contains(name), "{words}");
    }
}

#[test]
fn a_file_that_is_wrong_is_named_with_the_place() {
    let home = folder();
    let file = home.path().join("frontdesk.toml");
    for (content, named) in [
        ("max_calls = \"many\"", "a whole number from 1"),
        ("data = \"x\"\n\nmax_calls = 1.5", "line 3, column 13: "),
        ("max_cals = 3", "max_cals"),
        ("max_calls = ", "frontdesk.toml: line 1, column 13: "),
        ("listen = [\"8080\"]", "like 127.0.0.1:50051"),
        ("listen = \"127.0.0.1:0,8080\"", "like 127.0.0.1:50051"),
        ("listen = 8080", "like 127.0.0.1:50051"),
    ] {
        fs::write(&file, content).expect("a file");
        let words = refused(frontdesk().arg("--config").arg(&file));
        one_line(&words);
        assert!(
            words.contains("--config") && words.contains(named),
            "{content}: {words}"
        );
        // What the parser draws under the line is nothing on one line.
        assert!(!words.contains('|') && !words.contains("u32"), "{words}");
    }
}

#[test]
fn a_file_that_is_none_is_named_and_not_waited_for() {
    let home = folder();
    let pipe = home.path().join("pipe.toml");
    let made = Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    for (file, why) in [
        (home.path().join("missing.toml"), "No such file"),
        (home.path().to_path_buf(), "not a regular file"),
        (pipe, "not a regular file"),
    ] {
        let words = refused(frontdesk().arg("--config").arg(&file));
        one_line(&words);
        let named = format!("--config: {}: ", file.display());
        assert!(words.contains(&named) && words.contains(why), "{words}");
    }
}

#[test]
fn a_list_in_the_file_may_be_text_with_commas() {
    let home = folder();
    let file = home.path().join("frontdesk.toml");
    let origins = "allow_origin = \"https://a.example, https://b.example\"";
    fs::write(&file, format!("listen = \"127.0.0.1:0\"\n{origins}\n")).expect("a file");
    let data = home.path().join("data");
    let mut command = frontdesk();
    command.arg("--config").arg(&file).arg("--data").arg(&data);
    let open = Open::start(&mut command);
    assert!(open.url.starts_with("http://127.0.0.1:"), "{}", open.url);
}

#[test]
fn a_flag_goes_before_a_variable_a_variable_before_the_file() {
    let home = folder();
    let file = home.path().join("frontdesk.toml");
    let names = ["file", "variable", "flag"].map(|name| home.path().join(name));
    fs::write(
        &file,
        format!("listen = [\"127.0.0.1:0\"]\ndata = {:?}\n", names[0]),
    )
    .expect("a file");

    let mut by_file = frontdesk();
    by_file.arg("--config").arg(&file);
    drop(Open::start(&mut by_file));
    assert!(names[0].is_dir());

    let mut by_variable = frontdesk();
    by_variable
        .arg("--config")
        .arg(&file)
        .env("FRONTDESK_DATA", &names[1]);
    drop(Open::start(&mut by_variable));
    assert!(names[1].is_dir());

    let mut by_flag = frontdesk();
    by_flag
        .arg("--config")
        .arg(&file)
        .env("FRONTDESK_DATA", &names[1]);
    by_flag.arg("--data").arg(&names[2]);
    drop(Open::start(&mut by_flag));
    assert!(names[2].is_dir());
}

#[test]
fn help_states_every_default_and_variable() {
    for arguments in [&["--help"][..], &["serve", "--help"]] {
        let output = frontdesk()
            .args(arguments)
            .env("COLUMNS", "200")
            .output()
            .expect("it runs");
        let help = String::from_utf8(output.stdout).expect("text");
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for (flag, default, variable) in [
            (
                "--listen",
                "127.0.0.1:50051,[::1]:50051",
                "FRONTDESK_LISTEN",
            ),
            ("--data", "./frontdesk-data", "FRONTDESK_DATA"),
            ("--log-format", "text", "FRONTDESK_LOG_FORMAT"),
            ("--access-log", "true", "FRONTDESK_ACCESS_LOG"),
            ("--list-compression", "remote", "FRONTDESK_LIST_COMPRESSION"),
            ("--max-calls", "1024", "FRONTDESK_MAX_CALLS"),
            ("--max-client-calls", "768", "FRONTDESK_MAX_CLIENT_CALLS"),
            ("--max-sockets", "2048", "FRONTDESK_MAX_SOCKETS"),
            (
                "--max-client-sockets",
                "256",
                "FRONTDESK_MAX_CLIENT_SOCKETS",
            ),
            ("--idle-timeout", "600", "FRONTDESK_IDLE_TIMEOUT"),
            ("--send-timeout", "60", "FRONTDESK_SEND_TIMEOUT"),
            ("--shutdown-timeout", "10", "FRONTDESK_SHUTDOWN_TIMEOUT"),
        ] {
            assert!(help.contains(flag), "{flag}");
            let documented = format!("[env: {variable}] [default: {default}]");
            assert!(help.contains(&documented), "{documented}\n{help}");
        }
        let documented = "[default: none] [env: FRONTDESK_ALLOW_ORIGIN]";
        assert!(help.contains(documented), "{help}");
    }
}

#[test]
fn the_version_names_the_commit() {
    let output = frontdesk().arg("--version").output().expect("it runs");
    let version = String::from_utf8(output.stdout).expect("text");
    let (_, commit) = version.split_once('(').expect("a commit");
    let commit = commit.trim_end().trim_end_matches(')');
    assert!(
        commit == "unknown" || commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{version}"
    );
}
