//! The binary `frontdesk` as a library, so that tests start servers of their own.
//!
//! | room | what is in it | never knows |
//! |---|---|---|
//! | [`config`] | every setting: its default, its flag, its variable | the other rooms |
//! | [`app`] | the layers put together, in order; [`app::run`] | rules of its own |
//! | [`net`] | what is HTTP: accept loop, limits, deadlines, the page's files | users, tables |
//! | [`services`] | one file a gRPC service | SQL, HTTP, layers |
//! | [`directory`] | the domain: who is in the house, and what may be asked | the wire, the tables |
//! | [`store`] | the tables: only this room knows SQL | the wire |
//! | [`people_csv`] | people in CSV files, each row a person or a reason why not | the tables |
//! | [`commands`] | one file a subcommand of the binary | layers, SQL |

pub mod app;
pub mod commands;
pub mod config;
pub mod directory;
pub mod failure;
pub mod net;
pub mod people_csv;
pub mod request_id;
pub mod routes;
pub mod services;
mod small_file;
mod status;
pub mod store;
pub mod telemetry;
