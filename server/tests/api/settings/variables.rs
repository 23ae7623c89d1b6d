//! Invalid environment variables.

use super::{assert_one_line, rejection};
use crate::helpers::frontdesk;

#[test]
fn an_invalid_variable_is_named() {
    for (name, value, expected) in [
        ("FRONTDESK_MAX_CALLS", "many", "FRONTDESK_MAX_CALLS"),
        ("FRONTDESK_LISTEN", "8080", "FRONTDESK_LISTEN"),
        ("FRONTDESK_LISTEN", "8080", "like 127.0.0.1:50051"),
        (
            "FRONTDESK_LISTEN",
            "127.0.0.1:0,frontdesk",
            "like 127.0.0.1:50051",
        ),
        ("FRONTDESK_LIST_COMPRESSION", "yes", "remote"),
    ] {
        let text = rejection(frontdesk().env(name, value));
        assert_one_line(&text);
        assert!(text.contains(expected), "{name}={value}: {text}");
        let internal = text.contains("Settings::") || text.contains("u32");
        assert!(!internal, "{name}={value}: {text}");
    }
}

#[test]
fn an_empty_variable_is_an_error() {
    for name in [
        "FRONTDESK_LISTEN",
        "FRONTDESK_DATA",
        "FRONTDESK_ALLOW_ORIGIN",
        "FRONTDESK_KEEPALIVE",
    ] {
        let text = rejection(frontdesk().env(name, ""));
        assert_one_line(&text);
        assert!(text.contains(name), "{text}");
    }
}
