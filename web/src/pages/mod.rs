//! One file or folder per route.

pub(crate) mod directory;
pub(crate) mod greet;
mod latest_response;
pub(crate) mod not_found;
mod reconnect;
pub(crate) mod user;
