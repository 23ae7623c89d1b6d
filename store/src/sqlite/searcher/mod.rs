//! The searchers: threads that read lists which need the search index. `frontdesk_search` plans a
//! list; a searcher executes the plan over its own connection and checks each row again.
//!
//! They are separate from the readers: a long search never delays looking up a user.

mod context;
mod exact;
mod list_criteria;
mod list_scan;
mod list_start;
mod pool;
mod sorting;
mod trash;
mod update_time;

pub(super) use self::{
    list_scan::Rest,
    pool::{ReadRequest, start},
};
