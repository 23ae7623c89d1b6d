//! Acknowledged writes survive crashes and a full disk.

#[cfg(unix)]
mod crash;
#[cfg(target_os = "linux")]
mod full_disk;
pub(crate) mod importer;
mod model;
mod writer;
