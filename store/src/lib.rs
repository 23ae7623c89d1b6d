//! Where Frontdesk stores its users: implementations of the [`Directory`] port, and what they share.
//!
//! [`Directory`]: frontdesk_directory::Directory

mod error;
mod feed;
mod permits;
mod prefetch;
mod recent_changes;
mod reply;
mod retention;
mod samples;
mod sqlite;

pub use self::{
    error::{Damage, OpenError, StoreError, StoreErrorKind},
    retention::RetentionPolicy,
    samples::Samples,
    sqlite::*,
};
