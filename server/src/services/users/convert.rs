//! Conversion between domain types and protobuf messages.

use std::ops::RangeInclusive;

use frontdesk::user::{UserEvent, UserResponse, user_event::Kind};
use frontdesk_directory::{Change, ChangeKind, Email, Name, Revision, Timestamp, User};

/// The seconds of a `google.protobuf.Timestamp`: the years 1 to 9999.
const TIMESTAMP_SECONDS: RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

pub(super) fn user(user: User) -> UserResponse {
    let is_deleted = user.purge_time.is_some();
    UserResponse {
        id: user.id.get(),
        name: user.name.into_string(),
        email: user.email.into_string(),
        revision: revision(user.revision),
        update_time: Some(timestamp(user.update_time)),
        sample: user.sample,
        delete_time: is_deleted.then(|| timestamp(user.update_time)),
        purge_time: user.purge_time.map(timestamp),
    }
}

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

pub(super) fn bookmark(position: Revision) -> UserEvent {
    UserEvent {
        revision: revision(position),
        kind: Kind::Bookmark.into(),
        ..UserEvent::default()
    }
}

fn revision(revision: Revision) -> i64 {
    i64::try_from(revision.0).unwrap_or(i64::MAX)
}

fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.0.div_euclid(1_000),
        // Below 1000 milliseconds, so it fits.
        nanos: i32::try_from(time.0.rem_euclid(1_000) * 1_000_000).unwrap_or_default(),
    }
}

/// The time rounded up to milliseconds; `None` for an invalid one.
pub(super) fn timestamp_not_before(time: &prost_types::Timestamp) -> Option<Timestamp> {
    let nanos = u32::try_from(time.nanos).ok()?;
    let is_valid = TIMESTAMP_SECONDS.contains(&time.seconds) && nanos < 1_000_000_000;
    is_valid.then(|| Timestamp(time.seconds * 1_000 + i64::from(nanos.div_ceil(1_000_000))))
}
