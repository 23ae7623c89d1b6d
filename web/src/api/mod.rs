//! The only module that uses stubs, channels and `fetch`. Returns plain values, streams and one
//! [`Error`].

mod client;
pub mod clock;
pub mod greeter;
pub mod health;
pub mod reply_stream;
mod status;
pub mod task;
mod time_slice;
mod timeout;
pub mod users;

pub use self::client::Api;
pub use crate::state::error::Error;
