//! Tells when something that the server is made of has changed.

use std::{
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};

use notify::{EventKind, RecursiveMode, Watcher as _};

use crate::{Outcome, places};

/// What the server is made of, from the top of the checkout.
const SOURCES: [&str; 5] = ["server", "proto", "transport", "Cargo.toml", "build.rs"];

/// An editor that saves one file, or git that changes hundreds, is one change: it is over when
/// nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(150);

/// Receives once for each change, however many files it touches, from now on.
pub(super) fn watch() -> Outcome<Receiver<()>> {
    let (note, touches) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
            let _nobody_watches = note.send(());
        }
    })?;
    for source in SOURCES {
        watcher.watch(&places::root().join(source), RecursiveMode::Recursive)?;
    }

    let (sender, changes) = mpsc::channel();
    thread::spawn(move || {
        // Moved here to live as long as the thread.
        let _watcher = watcher;
        collect(&touches, &sender);
    });
    Ok(changes)
}

/// Hands on one change for each burst of touches, until nobody listens.
fn collect(touches: &Receiver<()>, changed: &Sender<()>) {
    while touches.recv().is_ok() {
        while touches.recv_timeout(QUIET).is_ok() {}
        if changed.send(()).is_err() {
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
}
