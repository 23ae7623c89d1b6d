//! Users and their changes as they are on the wire.

use frontdesk::user::{UserEvent, UserResponse, user_event::Kind};
use frontdesk_directory::{Change, ChangeKind, Email, Name, Revision, Timestamp, User};

/// Moves a user onto the wire, without a copy.
pub(super) fn user(user: User) -> UserResponse {
    let in_trash = user.purge_time.is_some();
    UserResponse {
        id: user.id.get(),
        name: user.name.into_string(),
        email: user.email.into_string(),
        revision: revision(user.revision),
        update_time: Some(timestamp(user.update_time)),
        sample: user.sample,
        delete_time: in_trash.then(|| timestamp(user.update_time)),
        purge_time: user.purge_time.map(timestamp),
    }
}

/// A point in time as protobuf has it.
pub(super) fn timestamp(moment: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: moment.0.div_euclid(1_000),
        // Below a thousand milliseconds.
        nanos: i32::try_from(moment.0.rem_euclid(1_000) * 1_000_000).unwrap_or_default(),
    }
}

/// Moves a change onto the wire, without a copy.
pub(super) fn event(change: Change) -> UserEvent {
    let kind = match change.kind {
        ChangeKind::Created => Kind::Created,
        ChangeKind::Updated => Kind::Updated,
        ChangeKind::Deleted => Kind::Deleted,
        ChangeKind::Restored => Kind::Restored,
    };
    let (name, email) = change.before.unzip();
    UserEvent {
        revision: revision(change.user.revision),
        kind: kind.into(),
        change_time: Some(timestamp(change.user.update_time)),
        previous_name: name.map(Name::into_string).unwrap_or_default(),
        previous_email: email.map(Email::into_string).unwrap_or_default(),
        user: Some(user(change.user)),
    }
}

/// That there was no change up to this revision but what was said.
pub(super) fn bookmark(at: Revision) -> UserEvent {
    UserEvent {
        revision: revision(at),
        kind: Kind::Bookmark.into(),
        ..UserEvent::default()
    }
}

fn revision(revision: Revision) -> i64 {
    i64::try_from(revision.0).unwrap_or(i64::MAX)
}

/// The first moment that is not before a point in time; `None` for what is none.
pub(super) fn moment_not_before(time: &prost_types::Timestamp) -> Option<Timestamp> {
    /// From the beginning of the year 1 to the end of the year 9999, as protobuf has it.
    const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;
    let nanos = u32::try_from(time.nanos).ok()?;
    let is_one = SECONDS.contains(&time.seconds) && nanos < 1_000_000_000;
    is_one.then(|| Timestamp(time.seconds * 1_000 + i64::from(nanos.div_ceil(1_000_000))))
}
