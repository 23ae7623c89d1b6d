//! The store on `SQLite`: one database, `frontdesk.db`, in a data directory.
//!
//! One thread writes, and commits queued work in groups. A few threads read, and as many search and
//! sort, each over its own connection. All queues are bounded.

mod block_counts;
mod bulk;
mod change_log;
mod change_stream;
mod checkpointer;
mod connect;
mod error;
mod export;
mod idempotency;
mod import;
mod index_follower;
mod initialize;
mod inspect;
mod integrity;
mod list;
mod lock;
mod metadata;
mod open;
mod order_scan;
mod reader;
mod row;
mod schema;
mod search_index;
mod searcher;
mod shared;
mod store;
mod sweep;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod thread;
mod transaction;
mod user_stream;
mod watch;
mod writer;

pub use self::{
    bulk::{Added, Origin},
    export::{check_readable, export},
    inspect::{has_database, is_database_file},
    integrity::{DatabaseInfo, check_integrity, sqlite_version},
    lock::{Lock, lock_holder, server_addresses},
    store::{Pending, Store},
};

const FILE: &str = "frontdesk.db";
