//! Rows in order, of which those at some indices in succession are there.

use std::{collections::VecDeque, ops::Range};

use leptos::{prelude::*, tachys::view::Mountable};
use web_sys::Element;

use super::built::{Built, BuiltState};

/// Keeps the rows at `indices` in `parent`, in order. Each is made once for as long as its index
/// is among them, and is not touched while others come and go: whoever has the focus keeps it.
pub(super) fn rows(
    parent: Callback<(), Option<Element>>,
    indices: Callback<(), Range<usize>>,
    row: Callback<usize, Built>,
) {
    let Some(outer) = Owner::current() else {
        return;
    };
    Effect::new(move |shown: Option<Shown>| {
        let mut shown = shown.unwrap_or_default();
        let indices = indices.run(());
        if let Some(parent) = parent.run(()) {
            let make = |index| {
                // A row outlives the effect's run that made it, and reads no context. As a child of
                // the component's owner it would leave its trace there after it has gone: a parent
                // forgets its children when it goes itself.
                // What `new_root` makes is the current one at once: `with` takes that back.
                let owner = outer.with(|| Owner::new_root(None));
                let state = owner.with(|| untrack(|| row.run(index)).into_state());
                Row {
                    state,
                    _owner: owner,
                }
            };
            shown.change(&parent, &indices, make);
        }
        shown
    });
}

/// The rows that are there.
#[derive(Default)]
struct Shown {
    first: usize,
    rows: VecDeque<Row>,
}

struct Row {
    state: BuiltState,
    /// What the row reads and holds; goes with it.
    _owner: Owner,
}

impl Shown {
    fn end(&self) -> usize {
        self.first + self.rows.len()
    }

    fn change(&mut self, parent: &Element, to: &Range<usize>, make: impl Fn(usize) -> Row) {
        while self.first < to.start
            && let Some(mut row) = self.rows.pop_front()
        {
            row.state.unmount();
            self.first += 1;
        }
        while self.end() > to.end
            && let Some(mut row) = self.rows.pop_back()
        {
            row.state.unmount();
        }
        if self.rows.is_empty() {
            self.first = to.start;
        }
        while self.first > to.start {
            let mut row = make(self.first - 1);
            let next = self.rows.front().and_then(|row| row.state.elements().pop());
            row.state.mount(parent, next.as_deref());
            self.rows.push_front(row);
            self.first -= 1;
        }
        while self.end() < to.end {
            let mut row = make(self.end());
            row.state.mount(parent, None);
            self.rows.push_back(row);
        }
    }
}
