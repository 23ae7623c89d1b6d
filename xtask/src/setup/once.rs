//! Installing into the cache folder: once, whole, and by one process at a time.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use crate::{Outcome, lock, places};

/// The file that says that a folder of the cache holds all it should.
const COMPLETE: &str = ".complete";

/// The cache's folder `name`, filled by `install` when it is not complete yet or does not work.
///
/// `install` gets an empty folder. Broken off, it is begun anew the next time; a second process
/// that wants the same folder waits for the first and takes what that has made. The folder is
/// never moved: virtual environments don't survive that.
pub(crate) fn filled(
    name: &str,
    works: impl Fn(&Path) -> bool,
    install: impl FnOnce(&Path) -> Outcome,
) -> Outcome<PathBuf> {
    fill(places::cache()?.join(name), works, install)
}

fn fill(
    folder: PathBuf,
    works: impl Fn(&Path) -> bool,
    install: impl FnOnce(&Path) -> Outcome,
) -> Outcome<PathBuf> {
    let complete = || folder.join(COMPLETE).exists() && works(&folder);
    if complete() {
        return Ok(folder);
    }
    let _lock = lock(&folder)?;
    if complete() {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    install(&folder)?;
    fs::write(folder.join(COMPLETE), "")?;
    if !works(&folder) {
        return Err(format!("{}: what was installed does not work", folder.display()).into());
    }
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
    make(places::cache()?.join(name), complete, install)
}

fn make(
    folder: PathBuf,
    complete: impl Fn(&Path) -> bool,
    install: impl FnOnce(&Path) -> Outcome,
) -> Outcome<PathBuf> {
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

/// Does `install`, which fills no folder of ours, while no other run does what is called `name`.
pub(crate) fn alone<T>(name: &str, install: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    let _lock = lock(&places::cache()?.join(name))?;
    install()
}

/// Held until dropped.
fn lock(folder: &Path) -> Outcome<File> {
    let doing = format!("installing {}", folder.display());
    lock::take(&beside(folder, "lock"), &doing)
}

fn beside(folder: &Path, ending: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_os_string();
    name.push(".");
    name.push(ending);
    folder.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Barrier,
            atomic::{AtomicU32, Ordering},
        },
        thread,
    };

    use super::*;

    fn write(folder: &Path) -> Outcome {
        Ok(fs::write(folder.join("tool"), "")?)
    }

    #[test]
    fn what_was_broken_off_is_begun_anew() {
        let cache = tempfile::tempdir().expect("a folder");
        let place = || cache.path().join("tools/tool-1.0");
        let works = |folder: &Path| folder.join("tool").exists();
        let broken = fill(place(), works, |folder| {
            fs::write(folder.join("half"), "")?;
            Err("no network".into())
        });
        assert!(broken.is_err());
        let folder = fill(place(), works, write).expect("installed");
        assert!(works(&folder) && !folder.join("half").exists());
        fill(place(), works, |_| Err("installed twice".into())).expect("it is complete");
        fs::remove_file(folder.join("tool")).expect("gone");
        fill(place(), works, write).expect("installed anew");
        assert!(works(&folder));
    }

    #[test]
    fn two_runs_at_once_install_once() {
        let cache = tempfile::tempdir().expect("a folder");
        let (installs, start) = (AtomicU32::new(0), Barrier::new(2));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    start.wait();
                    let complete = |folder: &Path| folder.join("tool").exists();
                    let folder = make(cache.path().join("tool-1.0"), complete, |folder| {
                        installs.fetch_add(1, Ordering::Relaxed);
                        write(folder)
                    });
                    assert!(complete(&folder.expect("installed")));
                });
            }
        });
        assert_eq!(installs.load(Ordering::Relaxed), 1);
    }
}
