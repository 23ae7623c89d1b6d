//! File locks between concurrent runs.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use crate::Result;

/// Locks `file` until the returned handle is dropped; the operating system releases the lock of a
/// process that dies. If another run holds it, prints `activity` (what that run is doing) and waits.
pub(crate) fn acquire(file: &Path, activity: &str) -> Result<File> {
    let failed = |error| format!("cannot lock {}: {error}", file.display());
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let lock = File::create(file).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("xtask: waiting for another run that is {activity}");
            lock.lock().map_err(failed)?;
        }
        Err(TryLockError::Error(error)) => return Err(failed(error).into()),
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
    fn the_second_run_waits_for_the_first() {
        let folder = tempfile::tempdir().expect("create a folder");
        let file = folder.path().join("scratch/page.lock");
        let first = acquire(&file, "testing").expect("acquire a free lock");
        let released = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                let _second = acquire(&file, "testing").expect("acquire the released lock");
                assert!(released.load(Ordering::SeqCst), "both runs held the lock");
            });
            // The second thread may start before or after this; it waits in either case.
            thread::yield_now();
            released.store(true, Ordering::SeqCst);
            drop(first);
        });
    }
}
