//! Keeps the search index up to date.

use std::sync::Arc;

use frontdesk_directory::{Change, Revision};
use rusqlite::Connection;

use super::search_index::SearchIndex;
use crate::feed::Follower;

/// Reads over the writer's connection, whose cache has the pages that were just written.
pub(super) struct IndexFollower<'db> {
    db: &'db Connection,
    index: Arc<SearchIndex>,
}

impl<'db> IndexFollower<'db> {
    /// Builds the index from the tables. Searches wait for this; reads by id do not.
    pub(super) fn start(db: &'db Connection, index: Arc<SearchIndex>) -> Self {
        index.build(db);
        Self { db, index }
    }
}

impl Follower for IndexFollower<'_> {
    fn position(&self) -> Revision {
        // Without an index there is nothing to apply changes to.
        self.index.revision().unwrap_or(Revision(u64::MAX))
    }

    fn apply(&mut self, changes: &[Arc<Change>]) {
        self.index.apply(self.db, changes);
    }

    fn restart(&mut self, _: Revision) {
        self.index.expect();
        self.index.build(self.db);
    }
}
