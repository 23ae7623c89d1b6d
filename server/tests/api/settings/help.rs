//! `--help` and `--version`.

use crate::helpers::frontdesk;

#[test]
fn the_help_has_every_default_and_variable() {
    for arguments in [&["--help"][..], &["serve", "--help"]] {
        let output = frontdesk()
            .args(arguments)
            .env("COLUMNS", "200")
            .output()
            .expect("command runs");
        let help = String::from_utf8(output.stdout).expect("UTF-8");
        let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
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
            let sources = format!("[env: {variable}] [default: {default}]");
            assert!(words.contains(&sources), "{sources}\n{help}");
        }
        let sources = "[default: none] [env: FRONTDESK_ALLOW_ORIGIN]";
        assert!(words.contains(sources), "{help}");
    }
}

#[test]
fn the_version_has_the_commit() {
    let output = frontdesk().arg("--version").output().expect("command runs");
    let version = String::from_utf8(output.stdout).expect("UTF-8");
    let (_, commit) = version.split_once('(').expect("commit");
    let commit = commit.trim_end().trim_end_matches(')');
    assert!(
        commit == "unknown" || commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{version}"
    );
}
