//! One Frontdesk a folder: who holds it says so in `frontdesk.lock`.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    path::{Path, PathBuf},
    process,
    sync::Arc,
};

use crate::failure::Failure;

const FILE: &str = "frontdesk.lock";
/// How the line of a holder begins that answers calls.
const SERVES: &str = "frontdesk serve, ";
/// A holder's line is shorter; more of a foreign file is not read.
const LONGEST_LINE: u64 = 512;

/// The right to write into a data folder. Cloning is shallow; the folder is free again when the
/// last clone is dropped, or the process ends, however it ends.
#[derive(Clone, Debug)]
pub struct Lock(Arc<Held>);

#[derive(Debug)]
struct Held {
    data: PathBuf,
    who: String,
    file: File,
}

impl Lock {
    /// Takes the folder for `who` (`frontdesk serve`), and makes it where it is missing.
    ///
    /// # Errors
    /// The folder can't be written, or another Frontdesk holds it: that one is named.
    pub fn take(data: &Path, who: &str) -> Result<Self, Failure> {
        let unwritable = |error: &io::Error| {
            let data = data.display();
            let advice = match error.kind() {
                io::ErrorKind::StorageFull => "; make room there, or name another folder",
                _ => "",
            };
            Failure::usage(format!(
                "--data: the folder {data} can't be written: {error}{advice}"
            ))
        };
        fs::create_dir_all(data).map_err(|error| unwritable(&error))?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(data.join(FILE))
            .map_err(|error| unwritable(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(data, &file)),
            Err(TryLockError::Error(error)) => return Err(unwritable(&error)),
        }
        let data = data.to_owned();
        let who = format!("{who}, process {}", process::id());
        let lock = Self(Arc::new(Held { data, who, file }));
        lock.write(&lock.0.who)
            .map_err(|error| unwritable(&error))?;
        Ok(lock)
    }

    /// Tells those who find the folder taken where its holder can be reached.
    ///
    /// # Errors
    /// The file can't be written; the folder is held all the same.
    pub fn describe(&self, addresses: &str) -> io::Result<()> {
        self.write(&format!("{}, {addresses}", self.0.who))
    }

    /// The folder that is held.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.0.data
    }

    fn write(&self, line: &str) -> io::Result<()> {
        let mut file = &self.0.file;
        file.rewind()?;
        writeln!(file, "{line}")?;
        let end = file.stream_position()?;
        file.set_len(end)
    }
}

impl Drop for Held {
    /// The file stays: to remove it could take it from under who has just opened it.
    fn drop(&mut self) {
        if let Err(error) = self.file.set_len(0) {
            tracing::debug!(%error, "the lock file keeps its line");
        }
    }
}

fn held(data: &Path, file: &File) -> Failure {
    let line = line(file);
    let holder = match line.trim() {
        // Between its taking and its writing, or a file that somebody else wrote.
        "" => "another Frontdesk",
        holder => holder,
    };
    Failure::usage(format!(
        "--data: the folder {} is in use by {holder}; stop that one first, or name another folder",
        data.display(),
    ))
}

fn line(file: &File) -> String {
    let mut line = String::new();
    let read = Read::take(file, LONGEST_LINE).read_to_string(&mut line);
    read.map(|_| line).unwrap_or_default()
}

/// Who holds the folder, as they say it; nothing where nobody does.
#[must_use]
pub fn holder(data: &Path) -> Option<String> {
    let file = File::open(data.join(FILE)).ok()?;
    let line = line(&file);
    let line = line.trim();
    // Only where somebody has said so: whoever takes the folder in this moment would find it held.
    // A line whose writer was killed has nobody behind it.
    if line.is_empty() {
        return None;
    }
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(line.to_owned()),
        _ => None,
    }
}

/// Where the `frontdesk serve` that holds the folder can be reached, as it has described it;
/// nothing where none holds it.
#[must_use]
pub fn served(data: &Path) -> Vec<String> {
    let holder = holder(data).unwrap_or_default();
    let described = holder.strip_prefix(SERVES);
    match described.and_then(|line| line.split_once(", ")) {
        Some((_, addresses)) => addresses.split(" and ").map(str::to_owned).collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::testing::Folder;

    #[test]
    fn a_second_frontdesk_is_told_who_holds_the_folder_and_where() {
        let folder = Folder::new();
        let lock = Lock::take(folder.path(), "frontdesk serve").expect("the folder is free");
        lock.describe("http://127.0.0.1:50051").expect("described");
        let refusal =
            Lock::take(folder.path(), "frontdesk import").expect_err("the folder is held");
        let holder = format!(
            "frontdesk serve, process {}, http://127.0.0.1:50051;",
            process::id()
        );
        assert!(refusal.to_string().contains(&holder), "{refusal}");
        assert!(refusal.to_string().contains("--data"), "{refusal}");
        assert_eq!(refusal.code(), 2);
    }

    #[test]
    fn who_serves_a_folder_is_found_while_they_hold_it() {
        let folder = Folder::new();
        assert!(served(folder.path()).is_empty(), "nobody ever held it");
        let lock = Lock::take(folder.path(), "frontdesk serve").expect("the folder is free");
        assert!(served(folder.path()).is_empty(), "it does not answer yet");
        lock.describe("http://127.0.0.1:1/ and http://[::1]:1/")
            .expect("described");
        let addresses = ["http://127.0.0.1:1/", "http://[::1]:1/"];
        assert_eq!(served(folder.path()), addresses);
        let line = fs::read(folder.path().join(FILE)).expect("a line");
        drop(lock);
        assert!(served(folder.path()).is_empty(), "they are gone");
        fs::write(folder.path().join(FILE), line).expect("as a kill leaves it");
        assert!(served(folder.path()).is_empty(), "nobody holds it");
    }

    #[test]
    fn the_folder_is_free_when_the_last_clone_is_gone() {
        let folder = Folder::new();
        let lock = Lock::take(folder.path(), "frontdesk serve").expect("the folder is free");
        let clone = lock.clone();
        drop(lock);
        assert!(Lock::take(folder.path(), "frontdesk import").is_err());
        drop(clone);
        assert!(Lock::take(folder.path(), "frontdesk import").is_ok());
    }

    #[test]
    fn a_folder_that_cannot_be_made_names_the_setting() {
        let folder = Folder::new();
        let file = folder.path().join("file");
        fs::write(&file, "").expect("a file");
        let refusal = Lock::take(&file.join("data"), "frontdesk serve").expect_err("below a file");
        assert!(refusal.to_string().contains("--data"), "{refusal}");
        assert_eq!(refusal.code(), 2);
    }
}
