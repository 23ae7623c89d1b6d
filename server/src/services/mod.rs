//! The gRPC services, one module each: parse the request, call the directory, convert the result.
//!
//! A service depends neither on a store nor on HTTP. Domain errors become a [`tonic::Status`] in
//! `status.rs` and nowhere else.

mod context;
mod greeter;
mod health;
pub mod reflection;
mod status;
mod unqualified;
mod users;

pub use self::{
    greeter::Greeter,
    health::Health,
    unqualified::Unqualified,
    users::{Users, WatchServer},
};
