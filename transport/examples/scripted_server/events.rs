use std::{
    collections::HashSet,
    sync::{Condvar, Mutex, PoisonError},
};

/// Named events that connections wait for.
#[derive(Default)]
pub(crate) struct Events {
    signalled: Mutex<HashSet<String>>,
    changed: Condvar,
}

impl Events {
    pub(crate) fn signal(&self, name: &str) {
        let mut signalled = self
            .signalled
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        signalled.insert(name.to_owned());
        self.changed.notify_all();
    }

    pub(crate) fn wait(&self, name: &str) {
        let signalled = self
            .signalled
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let guard = self
            .changed
            .wait_while(signalled, |signalled| !signalled.contains(name));
        drop(guard);
    }
}
