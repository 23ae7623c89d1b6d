//! `frontdesk import`, `export` and `seed`, as people type them.

#[path = "../binary/mod.rs"]
mod binary;
mod export;
mod helpers;
mod reading;
mod refused;
mod samples;
#[path = "../binary/server.rs"]
mod server;
mod strings;
mod through_a_server;
mod trouble;
mod ways;
