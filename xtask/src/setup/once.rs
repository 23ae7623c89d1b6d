//! Installing into the cache folder: once, whole, and by one process at a time.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use crate::{Outcome, places};

/// The file that says that a folder of the cache holds all it should.
const COMPLETE: &str = ".complete";

/// The cache's folder `name`, filled by `install` when it is not complete yet.
///
/// `install` gets an empty folder. Broken off, it is begun anew the next time; a second process
/// that wants the same folder waits for the first and takes what that has made. The folder is
/// never moved: virtual environments don't survive that.
pub(crate) fn filled(name: &str, install: impl FnOnce(&Path) -> Outcome) -> Outcome<PathBuf> {
    let folder = places::cache()?.join(name);
    if folder.join(COMPLETE).exists() {
        return Ok(folder);
    }
    let _lock = lock(&folder)?;
    if folder.join(COMPLETE).exists() {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    install(&folder)?;
    fs::write(folder.join(COMPLETE), "")?;
    Ok(folder)
}

/// The cache's folder `name`, made by `install` elsewhere and moved there when all is in it.
///
/// As [`filled`], but `complete` decides whether the folder will do, so that one that came there
/// by other ways is taken as it is.
pub(crate) fn moved(
    name: &str,
    complete: impl Fn(&Path) -> bool,
    install: impl FnOnce(&Path) -> Outcome,
) -> Outcome<PathBuf> {
    let folder = places::cache()?.join(name);
    if complete(&folder) {
        return Ok(folder);
    }
    let _lock = lock(&folder)?;
    if complete(&folder) {
        return Ok(folder);
    }
    let unfinished = beside(&folder, "unfinished");
    for old in [&unfinished, &folder] {
        if old.exists() {
            fs::remove_dir_all(old)?;
        }
    }
    fs::create_dir_all(&unfinished)?;
    install(&unfinished)?;
    fs::rename(&unfinished, &folder)?;
    Ok(folder)
}

/// Held until dropped; the system takes it off a process that dies.
fn lock(folder: &Path) -> Outcome<File> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    let lock = File::create(beside(folder, "lock"))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!(
                "xtask: another run is installing {}: waiting for it",
                folder.display()
            );
            lock.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(lock)
}

fn beside(folder: &Path, ending: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(ending);
    folder.with_file_name(name)
}
