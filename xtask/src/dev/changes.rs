//! Tells when something that the server is made of may have changed.

use std::{
    path::Path,
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};

use notify::{Event, EventKind, RecursiveMode, Watcher as _};

use crate::{Outcome, places};

/// Folders that the server is made of, from the top of the checkout.
const FOLDERS: [&str; 3] = ["server", "proto", "transport"];
/// Files beside them. Watched by way of their folder: editors put a new file in the old one's
/// place, and a watch would stay with the old one.
const FILES: [&str; 3] = ["Cargo.toml", "Cargo.lock", "build.rs"];

/// An editor that saves one file, or git that changes hundreds, is one change: it is over when
/// nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(150);

/// Receives once for each change, however many files it touches, from now on.
pub(super) fn watch() -> Outcome<Receiver<()>> {
    let root = places::root();
    let (note, touches) = mpsc::channel();
    let mut watcher = notify::recommended_watcher({
        let root = root.clone();
        move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| matters(&event, &root)) {
                let _nobody_watches = note.send(());
            }
        }
    })?;
    watcher.watch(&root, RecursiveMode::NonRecursive)?;
    for folder in FOLDERS {
        watcher.watch(&root.join(folder), RecursiveMode::Recursive)?;
    }

    let (sender, changes) = mpsc::channel();
    thread::spawn(move || {
        // Moved here to live as long as the thread.
        let _watcher = watcher;
        collect(&touches, &sender);
    });
    Ok(changes)
}

fn matters(event: &Event, root: &Path) -> bool {
    !matches!(event.kind, EventKind::Access(_))
        && event
            .paths
            .iter()
            .filter_map(|path| path.strip_prefix(root).ok())
            .any(|path| {
                FOLDERS.iter().any(|folder| path.starts_with(folder))
                    || FILES.iter().any(|file| path == Path::new(file))
            })
}

/// Hands on one change for each burst of touches, until nobody listens.
fn collect(touches: &Receiver<()>, changes: &Sender<()>) {
    while touches.recv().is_ok() {
        while touches.recv_timeout(QUIET).is_ok() {}
        if changes.send(()).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_one_change() {
        let (note, touches) = mpsc::channel();
        let (sender, changes) = mpsc::channel();
        for _ in 0..100 {
            note.send(()).expect("the receiver is there");
        }
        drop(note);
        collect(&touches, &sender);
        assert_eq!(changes.try_iter().count(), 1);
    }

    #[test]
    fn only_what_the_server_is_made_of_matters() {
        let root = Path::new("/desk");
        let touched = |path: &str| Event::new(EventKind::Any).add_path(root.join(path));
        assert!(matters(&touched("server/src/main.rs"), root));
        assert!(matters(&touched("Cargo.lock"), root));
        assert!(!matters(&touched("web/src/main.rs"), root));
        assert!(!matters(&touched("frontdesk-data"), root));
    }
}
