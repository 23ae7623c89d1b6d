//! The status of an error is the same over every protocol: code, message and details.

mod requests;
mod server;
