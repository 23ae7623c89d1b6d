//! What only one run may do at a time.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use crate::Outcome;

/// Held until dropped; the system takes it off a process that dies. Where another run has it, says
/// what that is `doing`, and waits.
pub(crate) fn take(file: &Path, doing: &str) -> Outcome<File> {
    let unlockable = |error| format!("{}: it can't be locked: {error}", file.display());
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(unlockable)?;
    }
    let lock = File::create(file).map_err(unlockable)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("xtask: another run is {doing}: waiting for it");
            lock.lock().map_err(unlockable)?;
        }
        Err(TryLockError::Error(error)) => return Err(unlockable(error).into()),
    }
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    use super::*;

    #[test]
    fn the_second_waits_until_the_first_is_done() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("scratch/page.lock");
        let first = take(&file, "testing").expect("nobody has it");
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let _second = take(&file, "testing").expect("it comes");
                assert!(done.load(Ordering::SeqCst), "both had it");
            });
            // The second may come before this or after it, and waits in either case.
            thread::yield_now();
            done.store(true, Ordering::SeqCst);
            drop(first);
        });
    }
}
