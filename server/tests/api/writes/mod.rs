//! A directory that changes.

mod crowd;
#[cfg(target_os = "linux")]
mod full;
mod importer;
mod killed;
mod model;
mod statuses;
mod strings;
mod told;
mod trouble;
mod writer;
