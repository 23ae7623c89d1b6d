//! Sockets, connections, limits and the page's files.

pub mod accept;
pub mod access_log;
pub mod assets;
pub(crate) mod body_guard;
pub mod clients;
pub mod connection;
pub mod connection_state;
pub mod drain;
pub mod host;
pub mod listen;
mod log_throttle;
pub(crate) mod permits;
pub mod probes;
mod protocol_sniff;
pub mod request_id;
mod security;
pub mod tls;

/// A boxed error of a body.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
