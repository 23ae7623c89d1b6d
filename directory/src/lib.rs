//! The domain of Frontdesk: users, validation, the rules for changing them, and the [`Directory`]
//! port that services call and stores implement.
//!
//! No I/O, no clock and no threads. The crate builds for wasm32: the page validates its forms with
//! the same types and limits as the server.
//!
//! | to find | see |
//! |---|---|
//! | the limits of a field | [`Name`], [`Email`], [`Query`], [`Page`], [`IdempotencyKey`] |
//! | what a list contains, and in which order | [`ListQuery`], [`Filter`], [`OrderBy`] |
//! | what a search finds, and in which order | [`ParsedQuery`], [`text`] |
//! | which changes a watcher receives | [`WatchFilter`] |
//! | how an import works | [`StartImport`], [`ImportBatch`], [`BatchResult`] |

#![warn(missing_docs)]

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
mod idempotency_key;
mod import;
mod list_params;
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
    command::{Command, CommandResult, OnExisting, Rejection},
    context::RequestContext,
    cursor::Cursor,
    email::{Email, EmailError},
    error::Error,
    greeting::{GREETINGS, Greeting},
    group_greeting::{GroupGreeting, TooManyNames},
    idempotency_key::{IdempotencyKey, IdempotencyKeyError},
    import::{
        BatchResult, ImportBatch, ImportCounts, ImportProgress, ImportRejection, ImportRow,
        RowError, RowErrorReason, RowField, StartImport,
    },
    list_params::{FieldViolation, ListParams},
    list_query::{Filter, ListQuery, ListRange, SampleFilter},
    name::{Name, NameError},
    order_by::{OrderBy, OrderByError, SortField},
    page::Page,
    parsed_query::{MatchRank, ParsedQuery},
    port::{
        ChangeStream, Directory, Import, PendingBatch, UserList, UserStream, Watch, WatchStream,
    },
    query::{Query, QueryError},
    timestamp::Timestamp,
    user::{NewUser, Revision, User, UserId},
    watch_filter::WatchFilter,
};
