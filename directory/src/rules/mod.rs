//! The rules for changing a directory: what a command does, given what is stored.
//!
//! A store reads through [`Lookup`], lets [`Rules`] decide, and writes the [`Decision`] through
//! [`Writer`]. Only the rules can make a [`Decision`] or an [`AppliedChange`], and a decision gives
//! up its response only after its effects were handed to a writer: a store that skips a rule does
//! not compile.

mod command;
mod decision;
mod fingerprint;
mod import;
mod lookup;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use self::{
    decision::{AppliedChange, Decision, RowChange, StoredResponse, Writer},
    import::{BatchPosition, RowOutcome, resume},
    lookup::Lookup,
};
use crate::{Actor, Revision, Timestamp, UserId};

/// How long the response to a command with an idempotency key, and the progress of an import, are
/// stored.
pub const IDEMPOTENCY_WINDOW: Duration = Duration::from_hours(24);

/// The directory's counters. Every [`AppliedChange`] has the ones to be stored with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counters {
    /// The last id that was assigned; `None` if none was.
    pub last_id: Option<UserId>,
    /// The revision of the last change.
    pub revision: Revision,
    /// The time of the last change.
    pub update_time: Timestamp,
}

/// Decides what commands do. Valid until a decision with a change is written: the next command needs
/// rules with the new [`Counters`].
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a, L> {
    lookup: &'a L,
    counters: Counters,
    now: Timestamp,
    actor: &'a Actor,
    trash_retention: Duration,
}

impl<'a, L: Lookup> Rules<'a, L> {
    /// The rules for changes that `actor` makes at the time `clock`. A deleted user can be restored
    /// for `trash_retention`.
    ///
    /// A change is never older than the one before it: a clock that was set back is ignored.
    #[must_use]
    pub fn new(
        lookup: &'a L,
        counters: Counters,
        clock: Timestamp,
        actor: &'a Actor,
        trash_retention: Duration,
    ) -> Self {
        Self {
            lookup,
            counters,
            now: clock.max(counters.update_time),
            actor,
            trash_retention,
        }
    }

    /// An id that has never been assigned; `None` if none is left.
    fn next_id(&self) -> Option<UserId> {
        let last = self.counters.last_id.map_or(0, UserId::get);
        UserId::new(last.checked_add(1)?)
    }

    fn next_revision(&self) -> Revision {
        Revision(self.counters.revision.0 + 1)
    }
}
