//! `user.UserService`.

mod changes;
mod commands;
mod convert;
mod fields;
mod import;
mod list;
mod messages;
mod page_token;
mod service;
mod watch;
mod watch_server;

pub use self::{service::Users, watch_server::WatchServer};
