//! The search index as a follower of the change log.

use std::{sync::Arc, thread};

use frontdesk_directory::{
    Change, ChangeKind, Email, Name, Revision, SortField,
    text::{SearchTerm, fold},
};
use roaring::RoaringBitmap;

use crate::{
    id_scan::index_id,
    matches::Matches,
    order_statistics::{OrderStatistics, Position},
    text_index::TextIndex,
};

/// From this number of users, a search for the best matches runs on two threads: it is the slowest
/// step of a list. Below, starting a thread costs more than it saves.
const PARALLEL_USERS: u64 = 50_000;

/// The search index. It follows the change log: a store loads it through an [`IndexBuilder`] and
/// then applies each change in revision order.
///
/// The tables themselves belong to the store. When a table changes a lot, its order statistics need
/// a further key of it now and then, see [`Index::oversized_run`].
#[derive(Debug, Default)]
pub struct Index {
    current: Snapshot,
}

/// The index as it was at one revision. Cloning is shallow, except for a few kilobytes of counts and
/// one bit for each sample user.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    revision: Revision,
    texts: TextIndex,
    names: OrderStatistics,
    emails: OrderStatistics,
    revisions: OrderStatistics,
    samples: RoaringBitmap,
}

/// A run of an order that has more than 2,048 entries, see [`OrderStatistics::oversized_run`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OversizedRun {
    /// The order.
    pub field: SortField,
    /// The run starts with the first entry whose key and id are not less than these.
    pub start: (Vec<u8>, u32),
    /// The number of entries before the one at which the run is to be split.
    pub left: u32,
}

impl Index {
    /// Applies changes in revision order. Changes that were applied before are skipped.
    pub fn apply(&mut self, changes: &[Arc<Change>]) {
        for change in changes {
            if change.revision() > self.current.revision {
                self.current.apply(change);
            }
        }
    }

    /// The revision of the last change that was applied.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.current.revision
    }

    /// The index as it is now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.current.clone()
    }

    /// A run that has become too long to find a position in it quickly, if there is one. The store
    /// reads the entry that has `left` entries of the run before it, at the revision of the index,
    /// calls [`Index::split_run`], and repeats.
    #[must_use]
    pub fn oversized_run(&self) -> Option<OversizedRun> {
        [SortField::Name, SortField::Email, SortField::UpdateTime]
            .into_iter()
            .find_map(|field| {
                let run = self.current.order(field)?.oversized_run()?;
                let (key, id) = run.start;
                Some(OversizedRun {
                    field,
                    start: (key.to_vec(), id),
                    left: run.count / 2,
                })
            })
    }

    /// Splits a run at an entry, given as key and id. Returns `false` if the statistics are not those
    /// of the store's table (see [`OrderStatistics::split`]): the store then loads them again and
    /// calls [`Index::replace_order`].
    #[must_use = "a run that cannot be split stays oversized"]
    pub fn split_run(&mut self, run: &OversizedRun, key: &[u8], id: u32) -> bool {
        let order = self.current.order_mut(run.field);
        order.is_some_and(|order| order.split(key, id, run.left))
    }

    /// Replaces the statistics of an order.
    pub fn replace_order(&mut self, field: SortField, loaded: OrderStatistics) {
        if let Some(order) = self.current.order_mut(field) {
            *order = loaded;
        }
    }
}

impl Snapshot {
    /// The revision of the directory that this is a snapshot of.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The number of users, without those in the trash.
    #[must_use]
    pub fn user_count(&self) -> u64 {
        self.names.len()
    }

    /// The folded texts of all users.
    #[must_use]
    pub fn texts(&self) -> &TextIndex {
        &self.texts
    }

    /// The ids of all sample users.
    #[must_use]
    pub fn samples(&self) -> &RoaringBitmap {
        &self.samples
    }

    /// The position of the entry of an order that has `offset` entries before it. `None` if there is
    /// none; and for [`SortField::Id`], whose statistics a store keeps in its tables.
    #[must_use]
    pub fn seek(&self, field: SortField, offset: u64) -> Option<Position<'_>> {
        self.order(field)?.seek(offset)
    }

    /// The first `limit` matches of each rank, and the number of all matches. Large directories are
    /// searched by two threads.
    #[must_use]
    pub fn best_matches(&self, term: &SearchTerm, limit: usize) -> Matches {
        if self.user_count() < PARALLEL_USERS {
            return self.texts.best_matches(term, limit);
        }
        best_matches_on_two_threads(&self.texts, term, limit)
    }

    fn order(&self, field: SortField) -> Option<&OrderStatistics> {
        match field {
            SortField::Id => None,
            SortField::Name => Some(&self.names),
            SortField::Email => Some(&self.emails),
            SortField::UpdateTime => Some(&self.revisions),
        }
    }

    fn order_mut(&mut self, field: SortField) -> Option<&mut OrderStatistics> {
        match field {
            SortField::Id => None,
            SortField::Name => Some(&mut self.names),
            SortField::Email => Some(&mut self.emails),
            SortField::UpdateTime => Some(&mut self.revisions),
        }
    }

    fn apply(&mut self, change: &Change) {
        let user = &change.user;
        let id = index_id(user.id);
        let before = change.previous_revision.map(|revision| {
            let texts = change.before.as_ref();
            let (name, email) =
                texts.map_or((&user.name, &user.email), |(name, email)| (name, email));
            Keys::new(name, email, revision)
        });
        let after = (change.kind != ChangeKind::Deleted)
            .then(|| Keys::new(&user.name, &user.email, user.revision));
        if let Some(keys) = &before {
            self.names.remove(keys.name.as_bytes(), id);
            self.emails.remove(keys.email.as_bytes(), id);
            self.revisions.remove(&revision_key(keys.revision), id);
        }
        if let Some(keys) = &after {
            self.names.insert(keys.name.as_bytes(), id);
            self.emails.insert(keys.email.as_bytes(), id);
            // No user has a larger revision.
            self.revisions.append(&revision_key(keys.revision), id);
        }
        match (&before, &after) {
            (Some(before), Some(after)) if before.has_texts_of(after) => {}
            (_, Some(keys)) => self.texts.set(id, &keys.name, &fold(&keys.email)),
            (Some(_), None) => self.texts.remove(id),
            // Purged from the trash.
            (None, None) => {}
        }
        if after.is_some() && user.sample {
            self.samples.insert(id);
        } else {
            self.samples.remove(id);
        }
        self.revision = change.revision();
    }
}

/// The keys that a user is sorted by.
struct Keys {
    name: String,
    email: String,
    revision: Revision,
}

impl Keys {
    fn new(name: &Name, email: &Email, revision: Revision) -> Self {
        Self {
            name: fold(name.as_str()).into_owned(),
            email: email.key().into_owned(),
            revision,
        }
    }

    fn has_texts_of(&self, other: &Self) -> bool {
        (&self.name, &self.email) == (&other.name, &other.email)
    }
}

/// A revision as a key that sorts as revisions do.
fn revision_key(revision: Revision) -> [u8; 8] {
    revision.0.to_be_bytes()
}

fn best_matches_on_two_threads(texts: &TextIndex, term: &SearchTerm, limit: usize) -> Matches {
    let half = |part| texts.best_matches_of_part(term, limit, (part, 2));
    thread::scope(|scope| {
        let builder = thread::Builder::new().name("search-half".to_owned());
        let second = builder.spawn_scoped(scope, || half(1));
        let mut matches = half(0);
        // If the thread could not be started or panicked, this thread does its work.
        let second = second.ok().and_then(|second| second.join().ok());
        matches.append(second.unwrap_or_else(|| half(1)), limit);
        matches
    })
}

/// Loads an [`Index`] from the tables of a store.
#[derive(Debug, Default)]
pub struct IndexBuilder(Snapshot);

impl IndexBuilder {
    /// Adds an entry to an order. The entries of each order have to be added in that order; there is
    /// nothing to add for [`SortField::Id`].
    ///
    /// Keys are the [`fold`]ed name, the [`Email::key`], or the revision as 8 bytes, big-endian.
    pub fn append(&mut self, field: SortField, key: &[u8], id: u32) {
        if let Some(order) = self.0.order_mut(field) {
            order.append(key, id);
        }
    }

    /// Sets the texts of a user: the [`fold`]ed name and the [`Email::key`]. Fastest for ascending
    /// ids.
    pub fn set_texts(&mut self, id: u32, name_key: &str, email_key: &str) {
        self.0.texts.set(id, name_key, &fold(email_key));
    }

    /// Marks a user as a sample.
    pub fn add_sample(&mut self, id: u32) {
        self.0.samples.insert(id);
    }

    /// Finishes the index with the revision of the tables.
    #[must_use]
    pub fn build(self, revision: Revision) -> Index {
        let current = Snapshot { revision, ..self.0 };
        Index { current }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_threads_find_what_one_finds() {
        let mut texts = TextIndex::new();
        for id in 1..2_000 {
            texts.set(id, "ada lovelace", &format!("{id}@example.org"));
        }
        for term in ["ada", "7", "lovelace 99", "bob"] {
            let term = SearchTerm::new(term).expect("a term");
            for limit in [0, 3, 5_000] {
                assert_eq!(
                    best_matches_on_two_threads(&texts, &term, limit),
                    texts.best_matches(&term, limit)
                );
            }
        }
    }
}
