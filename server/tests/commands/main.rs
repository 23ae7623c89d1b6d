//! `frontdesk users`, `watch` and `doctor`.

#[path = "../binary/mod.rs"]
mod binary;
mod doctor;
mod helpers;
#[path = "../binary/output.rs"]
mod output;
#[path = "../binary/server.rs"]
mod server;
mod users;
mod watch;
