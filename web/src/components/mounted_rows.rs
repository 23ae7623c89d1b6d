//! Mounts a range of rows and keeps the mounted rows when the range changes.

use std::{collections::VecDeque, ops::Range};

use leptos::{prelude::*, tachys::view::Mountable};
use web_sys::Element;

use super::view_slot::{ViewSlot, ViewSlotState};

/// Mounts the rows at `indices` in `parent`, in order. A row is created once for as long as its
/// index is in the range, and not touched when others are added or removed, so that it keeps the
/// focus.
pub(super) fn mount_rows(
    parent: Callback<(), Option<Element>>,
    indices: Callback<(), Range<usize>>,
    row: Callback<usize, ViewSlot>,
) {
    let Some(outer) = Owner::current() else {
        return;
    };
    Effect::new(move |mounted: Option<MountedRows>| {
        let mut mounted = mounted.unwrap_or_default();
        let indices = indices.run(());
        if let Some(parent) = parent.run(()) {
            let create = |index| {
                // A row outlives the run of the effect that creates it. It is not a child of the
                // component's owner either: owners keep their list of children until they are
                // disposed, so it would grow with each row. Rows do not read contexts.
                // `new_root` also makes the new owner current; `with` restores the previous one.
                let owner = outer.with(|| Owner::new_root(None));
                let state = owner.with(|| untrack(|| row.run(index)).into_state());
                Row {
                    state,
                    _owner: owner,
                }
            };
            mounted.update(&parent, &indices, create);
        }
        mounted
    });
}

#[derive(Default)]
struct MountedRows {
    first: usize,
    rows: VecDeque<Row>,
}

struct Row {
    state: ViewSlotState,
    /// Disposes the row's signals and effects when it is dropped.
    _owner: Owner,
}

impl MountedRows {
    fn end(&self) -> usize {
        self.first + self.rows.len()
    }

    fn update(&mut self, parent: &Element, range: &Range<usize>, create: impl Fn(usize) -> Row) {
        while self.first < range.start
            && let Some(mut row) = self.rows.pop_front()
        {
            row.state.unmount();
            self.first += 1;
        }
        while self.end() > range.end
            && let Some(mut row) = self.rows.pop_back()
        {
            row.state.unmount();
        }
        if self.rows.is_empty() {
            self.first = range.start;
        }
        while self.first > range.start {
            let mut row = create(self.first - 1);
            let next = self.rows.front().and_then(|row| row.state.elements().pop());
            row.state.mount(parent, next.as_deref());
            self.rows.push_front(row);
            self.first -= 1;
        }
        while self.end() < range.end {
            let mut row = create(self.end());
            row.state.mount(parent, None);
            self.rows.push_back(row);
        }
    }
}
