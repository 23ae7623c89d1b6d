//! Reports changes to the server's sources.

use std::{
    path::Path,
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};

use notify::{Event, EventKind, RecursiveMode, Watcher as _};

use crate::{Result, paths};

/// Folders with the server's sources.
const FOLDERS: [&str; 6] = [
    "directory",
    "proto",
    "search",
    "server",
    "store",
    "transport",
];
/// Files next to them. Their folder is watched, not the files: editors replace a file by a new one,
/// and a watch would stay on the old one.
const FILES: [&str; 3] = ["Cargo.toml", "Cargo.lock", "build.rs"];

/// Events that follow each other within this time are one change: an editor that saves a file, or
/// git that changes hundreds.
const DEBOUNCE: Duration = Duration::from_millis(100);

/// Receives one message for each change from now on, however many files it touches.
pub(super) fn watch() -> Result<Receiver<()>> {
    let root = paths::root();
    let (event_sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher({
        let root = root.clone();
        move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| is_source(&event, &root)) {
                // Fails once the receiver is closed, when the loop ends.
                let _ = event_sender.send(());
            }
        }
    })?;
    watcher.watch(&root, RecursiveMode::NonRecursive)?;
    for folder in FOLDERS {
        watcher.watch(&root.join(folder), RecursiveMode::Recursive)?;
    }

    let (change_sender, changes) = mpsc::channel();
    thread::spawn(move || {
        // Moved here to live as long as the thread.
        let _watcher = watcher;
        debounce(&events, &change_sender);
    });
    Ok(changes)
}

fn is_source(event: &Event, root: &Path) -> bool {
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

/// Sends one change for each burst of events, until either channel is closed.
fn debounce(events: &Receiver<()>, changes: &Sender<()>) {
    while events.recv().is_ok() {
        while events.recv_timeout(DEBOUNCE).is_ok() {}
        if changes.send(()).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_events_is_one_change() {
        let (event_sender, events) = mpsc::channel();
        let (change_sender, changes) = mpsc::channel();
        for _ in 0..100 {
            event_sender.send(()).expect("an open channel");
        }
        drop(event_sender);
        debounce(&events, &change_sender);
        assert_eq!(changes.try_iter().count(), 1);
    }

    #[test]
    fn only_the_servers_sources_are_reported() {
        let root = Path::new("/checkout");
        let event = |path: &str| Event::new(EventKind::Any).add_path(root.join(path));
        assert!(is_source(&event("server/src/main.rs"), root));
        assert!(is_source(&event("Cargo.lock"), root));
        assert!(!is_source(&event("web/src/main.rs"), root));
        assert!(!is_source(&event("frontdesk-data"), root));
    }
}
