//! `frontdesk import`, `export` and `seed`.

#[path = "../binary/mod.rs"]
mod binary;
mod export;
mod failures;
mod helpers;
mod naughty_strings;
mod options;
#[path = "../binary/output.rs"]
mod output;
mod parsing;
mod rejected;
mod samples;
#[path = "../binary/server.rs"]
mod server;
mod server_and_local;
