use leptos::prelude::*;

use super::{loaded_page::LoadedPage, user_stream::UserStream};
use crate::{
    api::Api,
    state::{grid::GridPosition, list_view::ListView, user::User},
};

const MAX_POSITIONS: usize = 32;

/// Users and grid positions, retained while other pages are shown. Provided as a context.
#[derive(Clone, Copy)]
pub(crate) struct ViewCache {
    pub(super) stream: UserStream,
    /// The page that was loaded last.
    pub(super) page: StoredValue<Option<LoadedPage>>,
    /// The last positions; the most recent view is the last.
    positions: StoredValue<Vec<(ListView, GridPosition)>>,
}

impl ViewCache {
    pub(crate) fn new(api: &Api) -> Self {
        Self {
            stream: UserStream::new(api),
            page: StoredValue::new(None),
            positions: StoredValue::new(Vec::new()),
        }
    }

    /// The view that was shown last.
    pub(crate) fn current_view(self) -> ListView {
        self.positions
            .with_value(|positions| positions.last().map_or(ListView::All, |(view, _)| *view))
    }

    pub(crate) fn user(self, id: i32) -> Option<User> {
        self.stream.user_with_id(id).or_else(|| {
            let users = self.page.get_value()?.users;
            users.get(users.position(id)?)
        })
    }

    /// The ids before and after this one, if they have been received.
    pub(crate) fn neighbors(self, id: i32) -> (Option<i32>, Option<i32>) {
        match self.stream.neighbors(id) {
            (None, None) => {
                let page = self.page.get_value();
                page.map(|page| page.users.neighbors(id))
                    .unwrap_or_default()
            }
            neighbors => neighbors,
        }
    }

    pub(super) fn position(self, view: ListView) -> GridPosition {
        self.positions.with_value(|positions| {
            positions
                .iter()
                .find(|(of, _)| *of == view)
                .map(|(_, position)| *position)
                .unwrap_or_default()
        })
    }

    pub(super) fn store_position(self, view: ListView, position: GridPosition) {
        self.positions.try_update_value(|positions| {
            positions.retain(|(of, _)| *of != view);
            if positions.len() == MAX_POSITIONS {
                positions.remove(0);
            }
            positions.push((view, position));
        });
    }
}
