//! The resources of a searcher.

use std::time::Duration;

use rusqlite::Connection;

use crate::sqlite::search_index::SearchIndex;

pub(super) struct SearchContext<'a> {
    pub(super) db: &'a Connection,
    pub(super) index: &'a SearchIndex,
    pub(super) trash_retention: Duration,
}
