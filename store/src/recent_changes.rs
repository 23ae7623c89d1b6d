//! The newest changes, in memory: watchers that keep up share them.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, RwLock},
};

use frontdesk_directory::{Change, Revision, User};

use crate::feed::Follower;

/// The maximum number of retained changes.
pub(crate) const LIMIT: usize = 4_096;
/// Their maximum size in bytes: about 1,500 changes with the longest names and emails, and [`LIMIT`]
/// with common ones.
const LIMIT_BYTES: usize = 2 * 1_024 * 1_024;

#[derive(Debug, Default)]
pub(crate) struct RecentChanges(RwLock<Ring>);

impl RecentChanges {
    /// Up to `limit` changes after a revision; none if the next change is not, or no longer, retained.
    pub(crate) fn after(&self, revision: Revision, limit: usize) -> Vec<Arc<Change>> {
        let ring = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let next = revision.0.checked_add(1);
        let first = ring.changes.front().map(|first| first.revision().0);
        let Some(skip) = next
            .zip(first)
            .and_then(|(next, first)| next.checked_sub(first))
        else {
            return Vec::new();
        };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        ring.changes
            .iter()
            .skip(skip)
            .take(limit)
            .cloned()
            .collect()
    }
}

/// Feeds [`RecentChanges`]. It starts at the head: older changes are only in the change log.
pub(crate) struct RecentChangesFollower {
    recent: Arc<RecentChanges>,
    position: Revision,
}

impl RecentChangesFollower {
    pub(crate) fn new(recent: Arc<RecentChanges>, position: Revision) -> Self {
        Self { recent, position }
    }
}

impl Follower for RecentChangesFollower {
    fn position(&self) -> Revision {
        self.position
    }

    fn apply(&mut self, changes: &[Arc<Change>]) {
        let ring = &self.recent.0;
        let mut ring = ring.write().unwrap_or_else(PoisonError::into_inner);
        let new = &changes[changes.len().saturating_sub(LIMIT)..];
        if new.len() == LIMIT {
            *ring = Ring::default();
        }
        for change in new {
            self.position = change.revision();
            ring.push(Arc::clone(change));
        }
    }

    fn restart(&mut self, revision: Revision) {
        self.position = revision;
        let ring = &self.recent.0;
        *ring.write().unwrap_or_else(PoisonError::into_inner) = Ring::default();
    }
}

/// Changes without a gap, the newest last.
#[derive(Debug, Default)]
struct Ring {
    changes: VecDeque<Arc<Change>>,
    bytes: usize,
}

impl Ring {
    fn push(&mut self, change: Arc<Change>) {
        self.bytes += size(&change);
        self.changes.push_back(change);
        while self.changes.len() > LIMIT || self.bytes > LIMIT_BYTES {
            let Some(oldest) = self.changes.pop_front() else {
                break;
            };
            self.bytes -= size(&oldest);
        }
    }
}

fn size(change: &Change) -> usize {
    let User { name, email, .. } = &change.user;
    let before = change.before.as_ref();
    let before = before.map_or(0, |(name, email)| {
        name.as_str().len() + email.as_str().len()
    });
    size_of::<Change>() + name.as_str().len() + email.as_str().len() + before
}
