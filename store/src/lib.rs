//! Where Frontdesk stores its users: the directory port, implemented on SQLite.

pub mod failure;
mod sqlite;

pub use self::sqlite::*;
