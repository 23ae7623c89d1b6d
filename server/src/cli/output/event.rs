//! Changes of users.

use frontdesk::user::{UserEvent, UserResponse, user_event::Kind};

use super::{
    json::JsonLines,
    printable::printable,
    stdout::{PrintError, Stdout},
    time::format_time,
};
use crate::cli::error::CliError;

/// Prints one change per line; not a table, because a watch prints each change as it arrives.
pub(in crate::cli) struct EventPrinter {
    out: Stdout,
    json: Option<JsonLines>,
}

impl EventPrinter {
    pub(in crate::cli) fn new(json: bool) -> Result<Self, CliError> {
        let json = json.then(|| JsonLines::new("user.UserEvent")).transpose()?;
        let out = Stdout::new();
        Ok(Self { out, json })
    }

    /// Bookmarks are printed as JSON only: a program resumes from their revision.
    pub(in crate::cli) fn print(&mut self, event: &UserEvent) -> Result<(), PrintError> {
        match &self.json {
            Some(json) => json.print(event, &mut self.out),
            None if event.kind() == Kind::Bookmark => Ok(()),
            None => self.out.line(&format_event(event)),
        }
    }

    pub(in crate::cli) fn flush(&mut self) -> Result<(), PrintError> {
        self.out.flush()
    }
}

fn format_event(event: &UserEvent) -> String {
    let missing = UserResponse::default();
    let user = event.user.as_ref().unwrap_or(&missing);
    let kind = match event.kind() {
        Kind::Created => "created",
        Kind::Updated => "updated",
        Kind::Deleted => "deleted",
        Kind::Restored => "restored",
        Kind::Bookmark | Kind::Unspecified => "changed",
    };
    let previous = match event.kind() {
        Kind::Updated => format_previous(event, user),
        _ => String::new(),
    };
    format!(
        "{}  {}  {kind:8}  {}  {}  {}{previous}",
        format_time(event.change_time.as_ref()),
        event.revision,
        user.id,
        printable(&user.name),
        printable(&user.email),
    )
}

/// The previous values of the fields that an update changed.
fn format_previous(event: &UserEvent, user: &UserResponse) -> String {
    let fields = [
        (&event.previous_name, &user.name),
        (&event.previous_email, &user.email),
    ];
    let changed: Vec<_> = fields
        .into_iter()
        .filter(|(previous, current)| previous != current && !previous.is_empty())
        .map(|(previous, _)| printable(previous))
        .collect();
    if changed.is_empty() {
        return String::new();
    }
    format!("  (was {})", changed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_one_line_with_the_previous_values() {
        let event = UserEvent {
            revision: 7,
            kind: Kind::Updated.into(),
            user: Some(UserResponse {
                id: 3,
                name: "Ada".to_owned(),
                email: "a@b.c".to_owned(),
                ..UserResponse::default()
            }),
            change_time: Some(prost_types::Timestamp {
                seconds: 1,
                nanos: 0,
            }),
            previous_name: "Eve\n".to_owned(),
            previous_email: "a@b.c".to_owned(),
        };
        let line = "1970-01-01T00:00:01Z  7  updated   3  Ada  a@b.c  (was Eve)";
        assert_eq!(format_event(&event), line);
    }
}
