//! The grid of users, of which only the visible rows are in the document.

mod cell;
mod row;
pub(crate) mod source;
mod viewport;

use leptos::{ev, html::Div, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event};

use self::{row::Row, source::RowSource, viewport::Viewport};
use super::{mounted_rows::mount_rows, reactive::reactive, view_slot::view_slot};
use crate::state::{
    format::{group_digits, px},
    grid::{Cell, GridPosition, GridSize},
};

const COLUMNS: [&str; 3] = ["No.", "Name", "Email"];

/// Users in rows with number, name and email. One tab stop; keys move as in the ARIA grid pattern.
#[component]
pub(crate) fn UserGrid(
    source: RowSource,
    initial: GridPosition,
    /// Called whenever the position changes.
    #[prop(into)]
    on_move: Callback<GridPosition>,
) -> impl IntoView {
    let list = NodeRef::<Div>::new();
    let active = RwSignal::new(initial.active);
    let viewport = Viewport::new(list, source.rows, initial.scroll_top);

    Effect::new(move || {
        on_move.run(GridPosition {
            scroll_top: viewport.scroll.get().top(),
            active: active.get(),
        });
    });

    let keydown = move |event: ev::KeyboardEvent| {
        let size = GridSize {
            rows: source.rows.get_untracked(),
            columns: COLUMNS.len(),
            page_rows: viewport.scroll.get_untracked().page_rows(),
        };
        let ctrl = event.ctrl_key() || event.meta_key();
        if event.alt_key() || event.shift_key() {
            return;
        }
        let current = active.get_untracked();
        if let Some(target) = current.moved_by(&event.key(), ctrl, size) {
            event.prevent_default();
            active.set(target);
            viewport.scroll_row_into_view(target.row);
            cell::focus_next_frame(list, target);
        } else if event.key() == "Enter" && !ctrl && cell::click_link(list, current.row) {
            event.prevent_default();
        }
    };
    let focusin = move |event: ev::FocusEvent| match target_cell(&event) {
        Some(target) => {
            if target != active.get_untracked() {
                active.set(target);
            }
            viewport.scroll_row_into_view(target.row);
        }
        None if !cell::is_parking_focus() => {
            let target = active.get_untracked().clamped(source.rows.get_untracked());
            viewport.scroll_row_into_view(target.row);
            cell::focus_next_frame(list, target);
        }
        None => {}
    };

    view! {
        <div
            class="user-grid surface"
            role="grid"
            aria-label="Users"
            aria-rowcount=reactive(move || row_count(source.total.run(())))
            aria-colcount=COLUMNS.len().to_string()
            on:keydown=keydown
            on:focusin=focusin
        >
            <Header />
            <Body source viewport active list />
        </div>
    }
}

/// The value of `aria-rowcount`, with the header row; -1 means unknown.
fn row_count(total: Option<u64>) -> String {
    total.map_or_else(|| "-1".to_owned(), |total| (total + 1).to_string())
}

fn target_cell(event: &Event) -> Option<Cell> {
    cell::containing(event.target()?.dyn_ref::<Element>()?)
}

#[component]
fn Header() -> impl IntoView {
    let cells = (1..).zip(COLUMNS).map(|(column, text)| {
        view! {
            <div class="user-grid__cell" role="columnheader" aria-colindex=group_digits(column)>
                {text}
            </div>
        }
    });
    view! {
        <div class="user-grid__header" role="rowgroup">
            <div class="user-grid__row" role="row" aria-rowindex="1">
                {cells.collect_view()}
            </div>
        </div>
    }
}

#[component]
fn Body(
    source: RowSource,
    viewport: Viewport,
    active: RwSignal<Cell>,
    list: NodeRef<Div>,
) -> impl IntoView {
    let scroll = viewport.scroll;
    let height = move || px(scroll.get().physical_height());
    let row_height = move || px(scroll.get().row_height());
    let mounted = Memo::new(move |_| scroll.get().visible_rows(viewport::OVERSCAN));
    let on_scroll = move |_| {
        viewport.follow_scroll();
        let mounted = scroll.get_untracked().visible_rows(viewport::OVERSCAN);
        cell::preserve_focus(list, active.get_untracked(), &mounted);
    };
    // While the active cell is not mounted, the list is the tab stop.
    let tabindex = move || {
        let row = active.get().clamped(source.rows.get()).row;
        let is_mounted = mounted.with(|mounted| mounted.contains(&row));
        if is_mounted { "-1" } else { "0" }
    };
    let container = viewport.container;
    mount_rows(
        Callback::new(move |()| container.get().map(|element| (*element).clone().into())),
        Callback::new(move |()| mounted.get()),
        Callback::new(move |index| view_slot(view! { <Row index source scroll active /> })),
    );
    view! {
        <div
            class="user-grid__list"
            role="rowgroup"
            tabindex=reactive(tabindex)
            node_ref=list
            on:scroll=on_scroll
        >
            <div class="user-grid__probe" aria-hidden="true" node_ref=viewport.probe></div>
            <div
                class="user-grid__container"
                role="presentation"
                node_ref=container
                style:block-size=reactive(height)
                style:--row-height=reactive(row_height)
            ></div>
        </div>
    }
}
