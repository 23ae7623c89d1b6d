//! The lock on a data directory: only one process may write. It identifies itself in `frontdesk.lock`.
//!
//! The standard library locks the file; lock-file crates add no line that names the holder, and leave
//! a stale file behind when the process is killed.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    process,
    sync::Arc,
};

use crate::error::OpenError;

const FILE: &str = "frontdesk.lock";
/// The beginning of the line of a running server.
const SERVER: &str = "frontdesk serve, ";
/// A holder's line is shorter; no more is read of a foreign file.
const MAX_LINE: u64 = 512;

/// The right to write into a data directory. Cloning is shallow; the folder is released when the last
/// clone is dropped, or the process ends, however it ends.
#[derive(Clone, Debug)]
pub struct Lock(Arc<Held>);

#[derive(Debug)]
struct Held {
    folder: PathBuf,
    holder: String,
    file: File,
}

impl Lock {
    /// Locks the folder for `holder` (`frontdesk serve`), and creates it if it is missing.
    ///
    /// # Errors
    /// The folder cannot be written, or another process holds it.
    pub fn acquire(folder: &Path, holder: &str) -> Result<Self, OpenError> {
        let not_writable = |source: io::Error| OpenError::FolderNotWritable {
            folder: folder.to_owned(),
            source,
        };
        fs::create_dir_all(folder).map_err(not_writable)?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(FILE))
            .map_err(not_writable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::Locked {
                    folder: folder.to_owned(),
                    holder: read_line(&file),
                });
            }
            Err(TryLockError::Error(error)) => return Err(not_writable(error)),
        }
        let lock = Self(Arc::new(Held {
            folder: folder.to_owned(),
            holder: format!("{holder}, process {}", process::id()),
            file,
        }));
        lock.write_line(&lock.0.holder).map_err(not_writable)?;
        Ok(lock)
    }

    /// Publishes the addresses at which the holder can be reached, joined by ` and `.
    ///
    /// # Errors
    /// The file cannot be written; the folder stays locked.
    pub fn publish_addresses(&self, addresses: &str) -> io::Result<()> {
        self.write_line(&format!("{}, {addresses}", self.0.holder))
    }

    /// The folder that is locked.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    fn write_line(&self, line: &str) -> io::Result<()> {
        let mut file = &self.0.file;
        file.rewind()?;
        writeln!(file, "{line}")?;
        let end = file.stream_position()?;
        file.set_len(end)
    }
}

impl Drop for Held {
    /// The file stays: another process may have opened it already.
    fn drop(&mut self) {
        if let Err(error) = self.file.set_len(0) {
            tracing::debug!(%error, "the lock file could not be emptied");
        }
    }
}

/// `None` for an empty line: the holder has not written it yet.
fn read_line(file: &File) -> Option<String> {
    let mut line = String::new();
    Read::take(file, MAX_LINE).read_to_string(&mut line).ok()?;
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// The process that holds the folder, as it describes itself; `None` if none holds it.
#[must_use]
pub fn lock_holder(folder: &Path) -> Option<String> {
    let file = File::open(folder.join(FILE)).ok()?;
    // Without a line the lock is not tried: a process that acquires it at this moment would fail. A
    // line without a lock was left by a process that was killed.
    let line = read_line(&file)?;
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)).then_some(line)
}

/// The addresses of the server that holds the folder, once it has published them; none if no server
/// holds it.
#[must_use]
pub fn server_addresses(folder: &Path) -> Vec<String> {
    let holder = lock_holder(folder).unwrap_or_default();
    let server = holder.strip_prefix(SERVER);
    match server.and_then(|line| line.split_once(", ")) {
        Some((_, addresses)) => addresses.split(" and ").map(str::to_owned).collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::testing::Folder;

    #[test]
    fn a_second_process_learns_who_holds_the_folder_and_where() {
        let folder = Folder::new();
        let lock = Lock::acquire(folder.path(), "frontdesk serve").expect("an unused folder");
        lock.publish_addresses("http://127.0.0.1:50051")
            .expect("published");
        match Lock::acquire(folder.path(), "frontdesk import") {
            Err(OpenError::Locked {
                folder: path,
                holder,
            }) => {
                let expected = format!(
                    "frontdesk serve, process {}, http://127.0.0.1:50051",
                    process::id()
                );
                assert_eq!(holder, Some(expected));
                assert_eq!(path, folder.path());
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_server_is_found_while_it_holds_the_folder() {
        let folder = Folder::new();
        assert!(server_addresses(folder.path()).is_empty(), "never locked");
        let lock = Lock::acquire(folder.path(), "frontdesk serve").expect("an unused folder");
        assert!(
            server_addresses(folder.path()).is_empty(),
            "nothing is published"
        );
        lock.publish_addresses("http://127.0.0.1:1/ and http://[::1]:1/")
            .expect("published");
        let addresses = ["http://127.0.0.1:1/", "http://[::1]:1/"];
        assert_eq!(server_addresses(folder.path()), addresses);
        let line = fs::read(folder.path().join(FILE)).expect("a line");
        drop(lock);
        assert!(server_addresses(folder.path()).is_empty(), "released");
        fs::write(folder.path().join(FILE), line).expect("as a kill leaves it");
        assert!(server_addresses(folder.path()).is_empty(), "not locked");
    }

    #[test]
    fn the_folder_is_released_when_the_last_clone_is_dropped() {
        let folder = Folder::new();
        let lock = Lock::acquire(folder.path(), "frontdesk serve").expect("an unused folder");
        let clone = lock.clone();
        drop(lock);
        assert!(Lock::acquire(folder.path(), "frontdesk import").is_err());
        drop(clone);
        assert!(Lock::acquire(folder.path(), "frontdesk import").is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_created_is_an_error() {
        let folder = Folder::new();
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        let below = file.join("data");
        match Lock::acquire(&below, "frontdesk serve") {
            Err(OpenError::FolderNotWritable { folder, .. }) => assert_eq!(folder, below),
            other => panic!("{other:?}"),
        }
    }
}
