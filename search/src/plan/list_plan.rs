//! How a list is read.

use frontdesk_directory::{Cursor, OrderBy};
use roaring::RoaringBitmap;

use crate::{id_filter::IdFilter, id_scan::IdScan};

/// The number of users that a list has to yield soon if all of it is read: its first batch.
pub const FIRST_BATCH: usize = 100;

/// How a list is read. A row can change after the snapshot was taken, so the executor of the plan
/// checks every row again when it is read.
#[derive(Clone, Debug)]
pub enum Plan {
    /// Look up the users in this order.
    LookUp {
        /// The number of users on the whole list.
        total: u64,
        /// Their ids, from the start of the range.
        ids: IdScan,
    },
    /// Look up all these users, then sort them with [`sort_entries`](crate::sort_entries).
    Sort(RoaringBitmap),
    /// Scan the table that has the list's order.
    Scan(TableScan),
    /// Scan the table if the first `wanted` users of the list are among the next `probed` entries
    /// from the start of the scan, skipped users included. Otherwise, sort as for [`Plan::Sort`].
    ScanOrSort {
        /// The scan.
        scan: TableScan,
        /// The users of the list.
        ids: RoaringBitmap,
        /// The number of users up to the end of the requested range, or of the first batch.
        wanted: u64,
        /// The number of entries to read before deciding.
        probed: usize,
    },
}

/// A scan of a sorted table. Only users that pass the filter are on the list.
#[derive(Clone, Debug)]
pub struct TableScan {
    /// The number of users on the whole list.
    pub total: u64,
    /// Which table, and in which direction.
    pub order_by: OrderBy,
    /// Which users pass.
    pub filter: IdFilter,
    /// Where to start.
    pub start: Start,
}

/// Where the scan of a table starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the first entry in the direction of the scan, skipping this number of users that pass.
    First {
        /// The number of users to skip.
        skip: u64,
    },
    /// After a position.
    After(Cursor),
    /// At the entry that follows `skip` others, in ascending order, from the first entry whose key
    /// and id are not less than these. The scan includes it, in either direction.
    Entry {
        /// The key, as in a [`Cursor`].
        key: Vec<u8>,
        /// The id.
        id: u32,
        /// The number of entries to skip.
        skip: u32,
    },
    /// At the user that has this number of users with smaller ids. The scan includes it, in either
    /// direction.
    NthId(u64),
}
