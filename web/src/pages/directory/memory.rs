//! What the directory remembers while other pages are shown.

use leptos::prelude::*;

use super::{paged::Loaded, reading::Reading};
use crate::{
    api::Api,
    model::{Person, address::View, grid::Place},
};

/// So many places are remembered, the latest.
const PLACES: usize = 32;

/// In a context of the whole app: whoever comes back finds the rows and the place they left.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    /// Everybody, as far as they were received.
    pub(super) reading: Reading,
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

    /// The view that was looked at last.
    pub(crate) fn view(self) -> View {
        self.places
            .with_value(|places| places.last().map_or(View::All, |(view, _)| *view))
    }

    /// The person with this `id`, where they have come in.
    pub(crate) fn person(self, id: i32) -> Option<Person> {
        self.reading.person_with(id).or_else(|| {
            let people = self.loaded.get_value()?.people;
            people.get(people.position(id)?)
        })
    }

    /// Who comes before and after them, where they have come in.
    pub(crate) fn around(self, id: i32) -> (Option<i32>, Option<i32>) {
        match self.reading.around(id) {
            (None, None) => {
                let page = self.loaded.get_value();
                page.map(|page| page.people.around(id)).unwrap_or_default()
            }
            around => around,
        }
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
