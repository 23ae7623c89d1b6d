//! Installs into the cache directory: once, completely, and by one process at a time.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use crate::{Result, lock, paths};

/// The cache directory's folder `name`, filled by `install` unless it `is_complete`.
///
/// `install` gets an empty folder; after an interruption it starts over the next time. A second
/// process that needs the same folder waits for the first. The folder is never moved: virtual
/// environments contain absolute paths.
pub(super) fn once(
    name: &str,
    is_complete: impl Fn(&Path) -> bool,
    install: impl FnOnce(&Path) -> Result,
) -> Result<PathBuf> {
    once_in(paths::cache()?.join(name), is_complete, install)
}

fn once_in(
    folder: PathBuf,
    is_complete: impl Fn(&Path) -> bool,
    install: impl FnOnce(&Path) -> Result,
) -> Result<PathBuf> {
    if is_complete(&folder) {
        return Ok(folder);
    }
    let _lock = lock(&folder)?;
    if is_complete(&folder) {
        return Ok(folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    install(&folder)?;
    if !is_complete(&folder) {
        return Err(format!("the installation in {} does not work", folder.display()).into());
    }
    Ok(folder)
}

/// Runs `install`, which changes something outside of the cache directory, while no other process
/// runs one called `name`.
pub(super) fn exclusively<T>(name: &str, install: impl FnOnce() -> Result<T>) -> Result<T> {
    let _lock = lock(&paths::cache()?.join(name))?;
    install()
}

fn lock(folder: &Path) -> Result<File> {
    let mut file = folder.as_os_str().to_owned();
    file.push(".lock");
    lock::acquire(
        Path::new(&file),
        &format!("installing {}", folder.display()),
    )
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

    fn has_tool(folder: &Path) -> bool {
        folder.join("tool").exists()
    }

    fn write_tool(folder: &Path) -> Result {
        Ok(fs::write(folder.join("tool"), "")?)
    }

    #[test]
    fn an_interrupted_installation_starts_over() {
        let cache = tempfile::tempdir().expect("create a folder");
        let folder = || cache.path().join("tools/tool-1.0");
        let interrupted = once_in(folder(), has_tool, |folder| {
            fs::write(folder.join("half"), "")?;
            Err("no network".into())
        });
        assert!(interrupted.is_err());
        let installed = once_in(folder(), has_tool, write_tool).expect("install");
        assert!(has_tool(&installed) && !installed.join("half").exists());
        once_in(folder(), has_tool, |_| Err("installed twice".into())).expect("complete");
        fs::remove_file(installed.join("tool")).expect("remove the tool");
        once_in(folder(), has_tool, write_tool).expect("install again");
        assert!(has_tool(&installed));
    }

    #[test]
    fn two_runs_at_once_install_once() {
        let cache = tempfile::tempdir().expect("create a folder");
        let (installs, start) = (AtomicU32::new(0), Barrier::new(2));
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    start.wait();
                    let folder = once_in(cache.path().join("tool-1.0"), has_tool, |folder| {
                        installs.fetch_add(1, Ordering::Relaxed);
                        write_tool(folder)
                    });
                    assert!(has_tool(&folder.expect("install")));
                });
            }
        });
        assert_eq!(installs.load(Ordering::Relaxed), 1);
    }
}
