//! What is known of the directory without asking a table: the newest changes, and how far it is.

use std::{
    collections::VecDeque,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::watch;

use super::{
    facts::{Facts, Made},
    finding::Finding,
};
use crate::directory::{News, Revision};

/// How many changes are kept at most for those who watch.
const RECENT: usize = 4_096;

/// Told by the writer after each commit; asked by all others.
#[derive(Debug)]
pub(super) struct Live {
    /// Without gaps, the newest last.
    recent: RwLock<VecDeque<Arc<News>>>,
    head: watch::Sender<Head>,
    /// By what users are found. Told before the others.
    pub(super) finding: Finding,
}

/// How far the directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) revision: Revision,
    /// The oldest revision on record.
    pub(super) oldest: Revision,
}

impl Head {
    fn of(facts: &Facts) -> Self {
        Self {
            revision: Revision(facts.revision.unsigned_abs()),
            oldest: Revision(facts.oldest.unsigned_abs()),
        }
    }
}

impl Live {
    pub(super) fn new(facts: &Facts) -> Self {
        Self {
            recent: RwLock::default(),
            head: watch::Sender::new(Head::of(facts)),
            finding: Finding::default(),
        }
    }

    /// What was made is on disk. Nobody is woken before all of it can be read.
    pub(super) fn tell(&self, facts: &Facts, made: Vec<Made>) {
        if !made.is_empty() {
            let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
            let skipped = made.len().saturating_sub(RECENT);
            if skipped > 0 {
                recent.clear();
            }
            let leaving = (recent.len() + made.len() - skipped).saturating_sub(RECENT);
            recent.drain(..leaving);
            let news = made.into_iter().skip(skipped);
            recent.extend(news.map(|made| Arc::new(News::from(made.change))));
        }
        self.head.send_replace(Head::of(facts));
    }

    /// Sees how far the directory is, and is woken when it gets further.
    pub(super) fn head(&self) -> watch::Receiver<Head> {
        self.head.subscribe()
    }

    /// At most so many changes after this revision; nothing where the next one is not among them
    /// any more, or not yet.
    pub(super) fn after(&self, revision: Revision, most: usize) -> Vec<Arc<News>> {
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        let Some(first) = recent.front() else {
            return Vec::new();
        };
        let first = first.change.revision().0;
        let Some(skip) = (revision.0 + 1).checked_sub(first) else {
            return Vec::new();
        };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        recent.iter().skip(skip).take(most).cloned().collect()
    }
}
