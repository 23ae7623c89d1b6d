//! Lists that are read in batches.

use frontdesk_directory::{Cursor, Revision, User};

/// The first batch of a list, and the data about the whole list.
pub(super) struct ListStart<P> {
    pub(super) total: u64,
    pub(super) revision: Revision,
    /// After the last user of a page, unless it is the last page.
    pub(super) next: Option<Cursor>,
    pub(super) batch: ListBatch<P>,
}

/// Users, and what is left of the list after them. A batch may be empty before the end.
pub(super) struct ListBatch<P> {
    pub(super) users: Vec<User>,
    pub(super) rest: Option<P>,
}
