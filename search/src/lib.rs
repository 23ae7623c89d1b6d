//! The search index of a user directory: everything that lists need, except the rows themselves, in
//! memory. No I/O and no clock.
//!
//! - [`Index`] follows the change log: it applies each change in revision order. A reader takes a
//!   [`Snapshot`], which costs next to nothing and does not change.
//! - [`TextIndex`] holds the folded name and email address of each user in blocks of 16 KiB, which a
//!   search scans as bytes: a million users with names of 14 bytes and addresses of 25 take 41 MB.
//! - [`OrderStatistics`] count how many entries of a sorted table come before a key, so that any page
//!   of any order is found without reading the pages before it.
//! - [`plan()`] decides how a list is read: which users are looked up in which order, or which
//!   sorted table is scanned from where. A store executes the [`Plan`].
//!
//! Sets of ids are [`RoaringBitmap`]s.
//!
//! Not included: tolerance for typing errors, and synonyms.

#![warn(missing_docs)]

mod block;
mod id_collector;
mod id_filter;
mod id_scan;
mod index;
mod matches;
mod order_statistics;
mod plan;
mod scan;
mod sort;
mod text_index;

pub use roaring::RoaringBitmap;

pub use self::{
    id_filter::IdFilter,
    id_scan::IdScan,
    index::{Index, IndexBuilder, OversizedRun, Snapshot},
    matches::Matches,
    order_statistics::{OrderStatistics, Position, Run},
    plan::{ExactMatch, FIRST_BATCH, ListRequest, Plan, Start, TableScan, plan, remaining_matches},
    sort::{SortedIds, sort_entries},
    text_index::TextIndex,
};
