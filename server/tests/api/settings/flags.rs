//! Invalid flags.

use super::{assert_one_line, rejection};
use crate::helpers::frontdesk;

#[test]
fn an_invalid_value_is_named_by_its_flag() {
    for (arguments, expected) in [
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
        (&["--log-format", "unknown"], "--log-format"),
        (&["--log", "=[="], "--log"),
        (&["--no-such-flag"], "--no-such-flag"),
        (&["--list-compression", "sometimes"], "--list-compression"),
        (&["--data", "x", "serve"], "after the subcommand"),
        (
            &["--data", "x", "--max-calls", "9", "import", "y.csv"],
            "`frontdesk import --data DIR`",
        ),
    ] {
        let text = rejection(frontdesk().args(arguments));
        assert_one_line(&text);
        assert!(text.contains(expected), "{arguments:?}: {text}");
    }
}
