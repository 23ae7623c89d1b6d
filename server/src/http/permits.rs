//! A number of places that nobody waits for.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// How many places are taken, of how many. A semaphore would do, but takes a lock that all threads
/// share each time that a place is given back; nobody ever waits for one here.
#[derive(Debug)]
pub(crate) struct Places {
    most: usize,
    taken: AtomicUsize,
}

impl Places {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            taken: AtomicUsize::new(0),
        })
    }
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Place(Arc<Places>);

impl Place {
    pub(crate) fn take(places: &Arc<Places>) -> Option<Self> {
        let place = Self(Arc::clone(places));
        // One too many is given back at once, by `place`'s drop.
        (places.taken.fetch_add(1, Ordering::Relaxed) < places.most).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::Relaxed);
    }
}
