//! Changes as they are printed.

use frontdesk::user::{UserEvent, UserResponse, user_event::Kind};

use super::output::{Json, Out, Unread, time};
use crate::{csv::shown, failure::Failure};

/// Prints changes, one a line: they come one after the other, and nobody knows how wide the next
/// one is.
pub(super) struct Events {
    out: Out,
    json: Option<Json>,
}

impl Events {
    pub(super) fn new(json: bool) -> Result<Self, Failure> {
        let json = json.then(|| Json::of("user.UserEvent")).transpose()?;
        let out = Out::new();
        Ok(Self { out, json })
    }

    /// A bookmark is for programs: it says from where to go on.
    pub(super) fn add(&mut self, event: &UserEvent) -> Result<(), Unread> {
        match &self.json {
            Some(json) => json.line(event, &mut self.out),
            None if event.kind() == Kind::Bookmark => Ok(()),
            None => self.out.line(&in_words(event)),
        }
    }

    /// What was added can be read.
    pub(super) fn flush(&mut self) -> Result<(), Unread> {
        self.out.flush()
    }
}

fn in_words(event: &UserEvent) -> String {
    let nobody = UserResponse::default();
    let user = event.user.as_ref().unwrap_or(&nobody);
    let kind = match event.kind() {
        Kind::Created => "created",
        Kind::Updated => "updated",
        Kind::Deleted => "deleted",
        Kind::Restored => "restored",
        Kind::Bookmark | Kind::Unspecified => "changed",
    };
    let was = match event.kind() {
        Kind::Updated => was(event, user),
        _ => String::new(),
    };
    format!(
        "{}  {}  {kind:8}  {}  {}  {}{was}",
        time(event.change_time.as_ref()),
        event.revision,
        user.id,
        shown(&user.name),
        shown(&user.email),
    )
}

/// What an update changed, as it was before.
fn was(event: &UserEvent, user: &UserResponse) -> String {
    let before = [
        (&event.previous_name, &user.name),
        (&event.previous_email, &user.email),
    ];
    let before: Vec<_> = before
        .into_iter()
        .filter(|(was, is)| was != is && !was.is_empty())
        .map(|(was, _)| shown(was))
        .collect();
    if before.is_empty() {
        return String::new();
    }
    format!("  (was {})", before.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_one_line_and_says_what_was_before_it() {
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
        assert_eq!(in_words(&event), line);
    }
}
