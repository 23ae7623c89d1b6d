//! The model of scrolling, joined to an element that scrolls.

use std::time::Duration;

use leptos::{html::Div, leptos_dom::helpers::TimeoutHandle, prelude::*};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::ResizeObserver;

use crate::model::scroll::Scroll;

/// Rows that are kept ready above and below what is in view.
pub(super) const MORE: usize = 12;

/// Scrolling rests when nothing has been heard of it for this long.
const REST: Duration = Duration::from_millis(150);

/// What is in view of the rows, and where.
#[derive(Clone, Copy)]
pub(super) struct Viewport {
    /// The scrolling as it stands, with as many rows as there are.
    pub(super) scroll: Memo<Scroll>,
    /// An element as high as a row: what a row's height is comes from the style sheet.
    pub(super) probe: NodeRef<Div>,
    /// The element that is as high as all rows together.
    pub(super) room: NodeRef<Div>,
    list: NodeRef<Div>,
    /// As it was left by the last event.
    held: RwSignal<Scroll>,
    rest: StoredValue<Option<TimeoutHandle>>,
}

impl Viewport {
    /// Over `list`, which is to be scrolled to `top` once it has a size.
    pub(super) fn new(list: NodeRef<Div>, rows: ReadSignal<usize>, top: f64) -> Self {
        let held = RwSignal::new(Scroll::new(rows.get_untracked(), 1.0, 0.0));
        let viewport = Self {
            scroll: Memo::new(move |_| {
                let mut scroll = held.get();
                scroll.set_rows(rows.get());
                scroll
            }),
            probe: NodeRef::new(),
            room: NodeRef::new(),
            list,
            held,
            rest: StoredValue::new(None),
        };
        viewport.measure_for_ever(top);
        on_cleanup(move || viewport.clear_rest());
        viewport
    }

    /// The list was scrolled, by the person or by [`Viewport::reveal`].
    pub(super) fn scrolled(self) {
        let Some(list) = self.list.get_untracked() else {
            return;
        };
        let mut scroll = self.scroll.get_untracked();
        let due = scroll.scrolled(list.scroll_top().into());
        self.held.set(scroll);
        if due {
            self.anchor();
        } else if scroll.is_compressed() {
            self.anchor_at_rest();
        }
    }

    /// Brings row `index` into view where it is not.
    pub(super) fn reveal(self, index: usize) {
        let mut scroll = self.scroll.get_untracked();
        if let Some(physical) = scroll.reveal(index) {
            self.held.set(scroll);
            self.scroll_list_to(physical);
        }
    }

    fn anchor(self) {
        let Some(mut scroll) = self.scroll.try_get_untracked() else {
            return;
        };
        if let Some(physical) = scroll.anchor() {
            self.held.try_set(scroll);
            self.scroll_list_to(physical);
        }
    }

    fn anchor_at_rest(self) {
        self.clear_rest();
        let timer = set_timeout_with_handle(move || self.anchor(), REST);
        self.rest.set_value(timer.ok());
    }

    fn clear_rest(self) {
        if let Some(timer) = self.rest.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }

    fn scroll_list_to(self, physical: f64) {
        let list = self.list.try_get_untracked().flatten();
        if let Some(list) = list {
            // The room must be as high as the rows before it can be scrolled that far, and its
            // height is set by an effect that may not have run yet.
            if let Some(room) = self.room.try_get_untracked().flatten() {
                let height = super::px(self.scroll.get_untracked().height());
                _ = web_sys::HtmlElement::style(&room).set_property("block-size", &height);
            }
            #[expect(
                clippy::cast_possible_truncation,
                reason = "no taller than browsers draw: far below 2³¹"
            )]
            list.set_scroll_top(physical as i32);
        }
    }

    /// Follows the sizes of the list and of a row for as long as both are there.
    fn measure_for_ever(self, top: f64) {
        let measure = Closure::<dyn FnMut()>::new(move || self.measure(top));
        let observer = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok();
        let observer = StoredValue::new_local(observer.map(|observer| (observer, measure)));
        Effect::new(move || {
            let (Some(list), Some(probe)) = (self.list.get(), self.probe.get()) else {
                return;
            };
            observer.with_value(|observer| {
                if let Some((observer, _)) = observer {
                    observer.observe(&list);
                    observer.observe(&probe);
                }
            });
        });
        on_cleanup(move || {
            if let Some((observer, _)) = observer.try_update_value(Option::take).flatten() {
                observer.disconnect();
            }
        });
    }

    fn measure(self, top: f64) {
        let list = self.list.try_get_untracked().flatten();
        let probe = self.probe.try_get_untracked().flatten();
        let (Some(list), Some(probe)) = (list, probe) else {
            return;
        };
        let (row, view) = (probe.offset_height(), list.client_height());
        if row == 0 || view == 0 {
            return;
        }
        let mut scroll = self.scroll.get_untracked();
        let first = !scroll.has_sizes();
        scroll.set_sizes(row.into(), view.into());
        let physical = if first {
            scroll.go(top)
        } else {
            scroll.go(scroll.top())
        };
        self.held.set(scroll);
        self.scroll_list_to(physical);
    }
}
