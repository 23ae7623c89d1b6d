//! What the directory remembers while other pages are shown.

use leptos::prelude::*;

use super::{paged::Loaded, reading::Reading};
use crate::{
    api::Api,
    model::{address::View, grid::Place},
};

/// So many places are remembered, the latest.
const PLACES: usize = 32;

/// In a context of the whole app: whoever comes back finds the rows and the place they left.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    /// Everybody, as far as they were received.
    pub(crate) reading: Reading,
    /// The page that was received last.
    pub(super) loaded: StoredValue<Option<Loaded>>,
    places: StoredValue<Vec<(View, Place)>>,
}

impl Memory {
    /// Nothing yet.
    pub(crate) fn new(api: &Api) -> Self {
        Self {
            reading: Reading::new(api),
            loaded: StoredValue::new(None),
            places: StoredValue::new(Vec::new()),
        }
    }

    /// Where the person was in `view`.
    pub(super) fn place(self, view: View) -> Place {
        self.places.with_value(|places| {
            places
                .iter()
                .find(|(of, _)| *of == view)
                .map(|(_, place)| *place)
                .unwrap_or_default()
        })
    }

    /// The person is at `place` in `view` now.
    pub(super) fn keep(self, view: View, place: Place) {
        self.places.try_update_value(|places| {
            places.retain(|(of, _)| *of != view);
            if places.len() == PLACES {
                places.remove(0);
            }
            places.push((view, place));
        });
    }
}
