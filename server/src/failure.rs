//! How a command ends that failed.

pub use frontdesk_store::failure::Failure;
