//! One file a gRPC service: check the request, call the directory, convert the answer.
//!
//! A service never sees SQL, HTTP or a layer. What goes wrong becomes a [`tonic::Status`] in
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
