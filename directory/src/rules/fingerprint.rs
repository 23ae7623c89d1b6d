//! Recognizes repeated commands.

use std::fmt::Write as _;

use crate::Command;

/// A text that is unique to the command: fields contain no control characters. Stores keep it for
/// [`IDEMPOTENCY_WINDOW`](super::IDEMPOTENCY_WINDOW), across updates of the program.
pub(super) fn fingerprint(command: &Command) -> String {
    let (kind, id, name, email, expected) = match command {
        Command::Create { name, email } => ("create", None, Some(name), Some(email), None),
        Command::Update {
            id,
            name,
            email,
            expected,
        } => ("update", Some(id), name.as_ref(), email.as_ref(), *expected),
        Command::Delete { id, expected } => ("delete", Some(id), None, None, *expected),
        Command::Restore { id, expected } => ("restore", Some(id), None, None, *expected),
    };
    let mut text = kind.to_owned();
    // Writing to a String does not fail.
    if let Some(id) = id {
        write!(text, "\nid {id}").ok();
    }
    if let Some(expected) = expected {
        write!(text, "\nexpected {expected}").ok();
    }
    if let Some(name) = name {
        write!(text, "\nname {name}").ok();
    }
    if let Some(email) = email {
        write!(text, "\nemail {email}").ok();
    }
    text
}
