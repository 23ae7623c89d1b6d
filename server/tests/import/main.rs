//! `frontdesk import`, `export` and `seed`, as people type them.

#[path = "../binary/mod.rs"]
mod binary;
mod export;
mod helpers;
mod reading;
mod refused;
mod samples;
mod strings;
mod trouble;
