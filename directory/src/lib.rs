//! The domain of Frontdesk: users, the rules for changing them, and the [`Directory`] port.
//!
//! No I/O, no clock and no threads: the crate builds for wasm32, where the page validates its forms
//! with the same types.

mod actor;
mod change;
mod change_log_query;
mod command;
mod context;
mod cursor;
mod email;
mod error;
mod greeting;
mod group_greeting;
mod import;
mod list_query;
mod name;
mod normalize;
mod order_by;
mod page;
mod parsed_query;
mod port;
mod query;
pub mod rules;
pub mod text;
mod timestamp;
mod user;
mod watch_filter;

pub use self::{
    actor::Actor,
    change::{Change, ChangeKind},
    change_log_query::ChangeLogQuery,
    command::{Command, CommandResult, IdempotencyKey, IdempotencyKeyError, OnExisting, Rejection},
    context::RequestContext,
    cursor::Cursor,
    email::{Email, EmailError},
    error::Error,
    greeting::{GREETINGS, Greeting},
    group_greeting::{GroupGreeting, TooManyNames},
    import::{
        BatchResult, ImportBatch, ImportCounts, ImportProgress, ImportRejection, ImportRow,
        RowError, RowField, StartImport,
    },
    list_query::{FieldViolation, Filter, ListParams, ListQuery, ListRange, SampleFilter},
    name::{Name, NameError},
    order_by::{OrderBy, OrderByError, SortField},
    page::Page,
    parsed_query::ParsedQuery,
    port::{
        ChangeStream, Directory, Import, PendingBatch, UserList, UserStream, Watch, WatchStream,
    },
    query::{Query, QueryError},
    timestamp::Timestamp,
    user::{NewUser, Revision, User, UserId},
    watch_filter::WatchFilter,
};
