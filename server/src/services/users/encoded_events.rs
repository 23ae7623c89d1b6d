//! Encoded events that many watchers send.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use frontdesk_directory::Change;
use prost::Message as _;

use super::wire;

/// The number of cached events. A watcher that is further behind encodes events itself.
const CAPACITY: u64 = 1_024;

/// Events by revision, each encoded by the first watcher that sends it: 10,000 watchers would
/// otherwise encode every event 10,000 times. A slot for each of the newest revisions; at most 2 MiB.
pub(super) struct EncodedEvents {
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
    /// The encoded event of a change.
    pub(super) fn get(&self, change: &Change) -> Bytes {
        let revision = change.revision().0;
        let slot = usize::try_from(revision % CAPACITY).unwrap_or_default();
        let mut slot = self.slots[slot]
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Some(entry) if entry.revision == revision => entry.event.clone(),
            _ => {
                let event = Bytes::from(wire::event(change.clone()).encode_to_vec());
                *slot = Some(Entry {
                    revision,
                    event: event.clone(),
                });
                event
            }
        }
    }
}
