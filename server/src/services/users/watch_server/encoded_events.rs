use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use frontdesk_directory::Change;
use prost::Message as _;

use crate::services::users::convert;

/// The number of cached events: at most 2 MiB. A watcher that is further behind reads the change log.
pub(super) const CAPACITY: u64 = 1_024;

/// The newest events, encoded. The first watcher that sends an event encodes it for all others.
pub(super) struct EncodedEvents {
    /// The slot of an event is its revision modulo [`CAPACITY`].
    slots: Box<[Mutex<Option<Entry>>]>,
}

struct Entry {
    revision: u64,
    event: Bytes,
}

impl Default for EncodedEvents {
    fn default() -> Self {
        Self {
            slots: (0..CAPACITY).map(|_| Mutex::default()).collect(),
        }
    }
}

impl EncodedEvents {
    pub(super) fn get(&self, change: &Change) -> Bytes {
        let revision = change.revision().0;
        let slot = usize::try_from(revision % CAPACITY).unwrap_or_default();
        let mut slot = self.slots[slot]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = &*slot
            && entry.revision == revision
        {
            return entry.event.clone();
        }
        let event = Bytes::from(convert::event(change.clone()).encode_to_vec());
        *slot = Some(Entry {
            revision,
            event: event.clone(),
        });
        event
    }
}
