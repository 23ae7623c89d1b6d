//! What is known of the directory without asking a table: the newest changes, and how far it is.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::watch;

use super::{
    metadata::{AppliedChange, Metadata},
    search_index::SearchIndex,
};
use frontdesk_directory::{Change, Revision, User};

/// How many changes are kept at most for those who watch.
pub(super) const RECENT: usize = 4_096;
/// How many bytes these may take, with what they are on the wire: some 700 of the longest names and
/// emails, and more than [`RECENT`] of those that people have.
const RECENT_BYTES: usize = 4 * 1_024 * 1_024;

/// Told by the writer after each commit; asked by all others.
#[derive(Debug)]
pub(super) struct RecentChanges {
    recent: RwLock<Recent>,
    head: watch::Sender<Head>,
    /// SortField what users are found. Told before the others.
    pub(super) finding: SearchIndex,
}

/// How far the directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) revision: Revision,
    /// The oldest revision on record.
    pub(super) oldest: Revision,
}

impl Head {
    pub(super) fn of(facts: &Metadata) -> Self {
        Self {
            revision: Revision(facts.revision.unsigned_abs()),
            oldest: Revision(facts.oldest.unsigned_abs()),
        }
    }
}

impl RecentChanges {
    pub(super) fn new(facts: &Metadata) -> Self {
        Self {
            recent: RwLock::default(),
            head: watch::Sender::new(Head::of(facts)),
            finding: SearchIndex::default(),
        }
    }

    /// What was made is on disk. Nobody is woken before all of it can be read.
    pub(super) fn tell(&self, facts: &Metadata, made: Vec<AppliedChange>) {
        if !made.is_empty() {
            let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
            // What would not stay is not taken in first.
            let skipped = made.len().saturating_sub(RECENT);
            if skipped > 0 {
                *recent = Recent::default();
            }
            for made in made.into_iter().skip(skipped) {
                recent.push(made.change);
            }
        }
        let head = Head::of(facts);
        self.head.send_if_modified(|known| {
            // A record that was cut at its lower end is nothing to wake anybody for.
            let further = known.revision != head.revision;
            *known = head;
            further
        });
    }

    /// How far the directory is.
    pub(super) fn now(&self) -> Head {
        *self.head.borrow()
    }

    /// Sees how far the directory is, and is woken when it gets further.
    pub(super) fn head(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// At most so many changes after this revision; nothing where the next one is not among them
    /// any more, or not yet.
    pub(super) fn after(&self, revision: Revision, most: usize) -> Vec<Arc<Change>> {
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        let next = revision.0.checked_add(1);
        let first = recent.news.front().map(|first| first.revision().0);
        let Some(skip) = next
            .zip(first)
            .and_then(|(next, first)| next.checked_sub(first))
        else {
            return Vec::new();
        };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        recent.news.iter().skip(skip).take(most).cloned().collect()
    }
}

/// The newest changes, within bounds.
#[derive(Debug, Default)]
struct Recent {
    /// Without gaps, the newest last.
    news: VecDeque<Arc<Change>>,
    bytes: usize,
}

impl Recent {
    fn push(&mut self, change: Change) {
        self.bytes += size(&change);
        self.news.push_back(Arc::new(change));
        while self.news.len() > RECENT || self.bytes > RECENT_BYTES {
            let Some(oldest) = self.news.pop_front() else {
                break;
            };
            self.bytes -= size(&oldest);
        }
    }
}

/// What a change takes: itself and its texts, and these again as they are on the wire.
fn size(change: &Change) -> usize {
    let User { name, email, .. } = &change.user;
    let before = change.before.as_ref();
    let before = before.map_or(0, |(name, email)| {
        name.as_str().len() + email.as_str().len()
    });
    let texts = name.as_str().len() + email.as_str().len() + before;
    size_of::<Change>() + 2 * texts + 64
}
