//! A directory that changes.

mod crowd;
mod importer;
mod killed;
mod model;
mod statuses;
mod strings;
mod writer;
