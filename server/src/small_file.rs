//! Files that a setting names: small ones, read whole.

use std::{fs, io, path::Path};

/// The largest that is read: settings and chains of certificates have some kilobytes.
const MOST_BYTES: u64 = 1024 * 1024;

/// What is in it, where it is a file: a pipe would have us wait, a device may never end.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    if metadata.len() > MOST_BYTES {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    fs::read(path)
}
