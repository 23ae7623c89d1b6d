//! Connects [`VirtualScroll`] to a scrolling element.

use std::time::Duration;

use leptos::{html::Div, leptos_dom::helpers::TimeoutHandle, prelude::*};
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::ResizeObserver;

use crate::state::{format::px, virtual_scroll::VirtualScroll};

/// Rows mounted above and below the visible ones.
pub(super) const OVERSCAN: usize = 12;

/// Scrolling has ended when there was no event for this long.
const SCROLL_END_DELAY: Duration = Duration::from_millis(150);

#[derive(Clone, Copy)]
pub(super) struct Viewport {
    /// The current scroll state, with the current number of rows.
    pub(super) scroll: Memo<VirtualScroll>,
    /// An element with the row height, which is set in the stylesheet.
    pub(super) probe: NodeRef<Div>,
    /// The element with the physical height of all rows.
    pub(super) container: NodeRef<Div>,
    list: NodeRef<Div>,
    /// The scroll state after the last event.
    state: RwSignal<VirtualScroll>,
    scroll_end_timer: StoredValue<Option<TimeoutHandle>>,
}

impl Viewport {
    /// `list` is scrolled to `top` once it has a size.
    pub(super) fn new(list: NodeRef<Div>, rows: ReadSignal<usize>, top: f64) -> Self {
        let state = RwSignal::new(VirtualScroll::new(rows.get_untracked(), 1.0, 0.0));
        let viewport = Self {
            scroll: Memo::new(move |_| {
                let mut scroll = state.get();
                scroll.set_rows(rows.get());
                scroll
            }),
            probe: NodeRef::new(),
            container: NodeRef::new(),
            list,
            state,
            scroll_end_timer: StoredValue::new(None),
        };
        viewport.observe_sizes(top);
        on_cleanup(move || viewport.clear_timer());
        viewport
    }

    /// Handles a scroll event, caused by the user or by [`Viewport::scroll_row_into_view`].
    pub(super) fn follow_scroll(self) {
        let Some(list) = self.list.get_untracked() else {
            return;
        };
        let mut scroll = self.scroll.get_untracked();
        let must_realign = scroll.follow(list.scroll_top().into());
        self.state.set(scroll);
        if must_realign {
            self.realign();
        } else if scroll.is_compressed() {
            self.realign_after_scrolling();
        }
    }

    pub(super) fn scroll_row_into_view(self, index: usize) {
        let mut scroll = self.scroll.get_untracked();
        if let Some(physical) = scroll.scroll_row_into_view(index) {
            self.state.set(scroll);
            self.scroll_list_to(physical);
        }
    }

    fn realign(self) {
        let Some(mut scroll) = self.scroll.try_get_untracked() else {
            return;
        };
        if let Some(physical) = scroll.realign() {
            self.state.try_set(scroll);
            self.scroll_list_to(physical);
        }
    }

    fn realign_after_scrolling(self) {
        self.clear_timer();
        let timer = set_timeout_with_handle(move || self.realign(), SCROLL_END_DELAY);
        self.scroll_end_timer.set_value(timer.ok());
    }

    fn clear_timer(self) {
        if let Some(timer) = self
            .scroll_end_timer
            .try_update_value(Option::take)
            .flatten()
        {
            timer.clear();
        }
    }

    fn scroll_list_to(self, physical: f64) {
        let list = self.list.try_get_untracked().flatten();
        if let Some(list) = list {
            // The container has to be tall enough to be scrolled that far, but the effect that
            // sets its height may not have run yet.
            if let Some(container) = self.container.try_get_untracked().flatten() {
                let height = px(self.scroll.get_untracked().physical_height());
                _ = web_sys::HtmlElement::style(&container).set_property("block-size", &height);
            }
            #[expect(
                clippy::cast_possible_truncation,
                reason = "browsers limit the height of elements to far below 2³¹ px"
            )]
            list.set_scroll_top(physical as i32);
        }
    }

    /// Measures the list and a row whenever their sizes change.
    fn observe_sizes(self, top: f64) {
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
        let (row_height, view_height) = (probe.offset_height(), list.client_height());
        if row_height == 0 || view_height == 0 {
            return;
        }
        let mut scroll = self.scroll.get_untracked();
        let is_first = !scroll.has_sizes();
        scroll.set_sizes(row_height.into(), view_height.into());
        let physical = if is_first {
            scroll.scroll_to(top)
        } else {
            scroll.scroll_to(scroll.top())
        };
        self.state.set(scroll);
        self.scroll_list_to(physical);
    }
}
