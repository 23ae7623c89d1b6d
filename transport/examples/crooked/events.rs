use std::{
    collections::HashSet,
    sync::{Condvar, Mutex, PoisonError},
};

/// What has happened, by name.
#[derive(Default)]
pub(crate) struct Events {
    happened: Mutex<HashSet<String>>,
    changed: Condvar,
}

impl Events {
    pub(crate) fn happen(&self, name: &str) {
        let mut happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        happened.insert(name.to_owned());
        self.changed.notify_all();
    }

    pub(crate) fn wait(&self, name: &str) {
        let happened = self.happened.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .changed
            .wait_while(happened, |happened| !happened.contains(name));
        drop(waited);
    }
}
