//! Decides how a list is read.

mod best_matches;
mod list_plan;
mod request;
mod sorted;

use frontdesk_directory::OrderBy;
use roaring::RoaringBitmap;

use self::{best_matches::best_matches_first, sorted::sorted};
pub use self::{
    best_matches::remaining_matches,
    list_plan::{FIRST_BATCH, Plan, Start, TableScan},
    request::{ExactMatch, ListRequest},
};
use crate::{id_filter::IdFilter, id_scan::index_id, index::Snapshot};

/// Decides how a list of users outside of the trash is read.
#[must_use]
pub fn plan(request: ListRequest<'_>, snapshot: &Snapshot) -> Plan {
    let Some(query) = request.query else {
        let order_by = request.order_by.unwrap_or(OrderBy::ID);
        return sorted(order_by, request.filter, request.range, snapshot);
    };
    if let Some(order_by) = request.order_by {
        let mut ids = query.term().map_or_else(RoaringBitmap::new, |term| {
            snapshot.texts().matching_ids(term)
        });
        ids.extend(request.exact.iter().map(|exact| index_id(exact.id)));
        request.filter.retain(&mut ids);
        return sorted(order_by, IdFilter::Only(ids), request.range, snapshot);
    }
    best_matches_first(
        query,
        request.exact,
        &request.filter,
        request.range,
        snapshot,
    )
}
