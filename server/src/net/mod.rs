//! What is HTTP: sockets, connections, limits, deadlines, the page's files.
//!
//! Knows neither users nor tables. Where a layer of this room ends a gRPC call early it does so
//! with a [`tonic::Status`]; `transport` outside of it puts that into the caller's dialect.

pub mod accept;
pub mod access;
pub mod body_limit;
pub mod connection;
mod cut_body;
pub mod cutoff;
mod deadline;
pub mod drain;
mod first_bytes;
mod held;
pub mod host;
pub mod listen;
mod look_ahead;
pub mod open_calls;
pub mod page;
pub mod panic;
mod places;
pub mod probes;
pub mod request_id;
mod security;
mod seldom;
pub mod shed;
pub mod tls;

/// What a body's error is boxed as.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
