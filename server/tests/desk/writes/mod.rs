//! A directory that changes.

mod importer;
mod killed;
mod model;
mod statuses;
mod writer;
