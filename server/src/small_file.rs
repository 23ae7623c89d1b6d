//! Reads small files that a setting names.

use std::{fs, io, path::Path};

/// Configuration files and certificate chains have a few kilobytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads a regular file of at most 1 MiB. Reading a pipe could block, and a device may never end.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    if metadata.len() > MAX_BYTES {
        return Err(io::Error::other("larger than 1 MiB"));
    }
    fs::read(path)
}
