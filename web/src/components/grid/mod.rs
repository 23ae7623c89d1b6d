//! The list of people: a grid of which only what is in view is in the document.

mod cell;
mod row;
mod viewport;

use leptos::{ev, html::Div, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event};

use self::{row::Row, viewport::Viewport};
use super::{built::built, live::live, rows::rows};
use crate::model::{
    Person,
    grid::{Cell, Extent, Place},
    number,
};

const COLUMNS: [&str; 3] = ["No.", "Name", "Email"];

/// Where the grid takes its rows from.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    /// How many rows there are to show.
    pub(crate) rows: ReadSignal<usize>,
    /// Changes when rows that are there are others than before.
    pub(crate) edition: ReadSignal<u32>,
    /// The row at an index.
    pub(crate) person: Callback<usize, Option<Person>>,
    /// How many rows come before the first of these.
    pub(crate) offset: u64,
    /// How many people there are in all, once that is known.
    pub(crate) total: Callback<(), Option<u64>>,
}

/// People in rows: number, name, email. The keys of the grid pattern move about in it, and there
/// is one tab stop.
#[component]
pub(crate) fn People(
    source: Source,
    /// Where to begin.
    place: Place,
    /// Told where the person is, whenever that changes.
    #[prop(into)]
    on_place: Callback<Place>,
) -> impl IntoView {
    let list = NodeRef::<Div>::new();
    let active = RwSignal::new(place.cell);
    let viewport = Viewport::new(list, source.rows, place.top);

    Effect::new(move || {
        on_place.run(Place {
            top: viewport.scroll.get().top(),
            cell: active.get(),
        });
    });

    let keys = move |event: ev::KeyboardEvent| {
        let extent = Extent {
            rows: source.rows.get_untracked(),
            columns: COLUMNS.len(),
            page: viewport.scroll.get_untracked().page(),
        };
        let command = event.ctrl_key() || event.meta_key();
        if event.alt_key() || event.shift_key() {
            return;
        }
        if let Some(to) = active.get_untracked().follow(&event.key(), command, extent) {
            event.prevent_default();
            active.set(to);
            viewport.reveal(to.row);
            cell::focus_soon(list, to);
        } else if event.key() == "Enter" && !command && cell::open(list, active.get_untracked().row)
        {
            event.prevent_default();
        }
    };
    let focused = move |event: ev::FocusEvent| match cell_of(&event) {
        Some(at) => {
            if at != active.get_untracked() {
                active.set(at);
            }
            viewport.reveal(at.row);
        }
        None if !cell::is_parking() => {
            let at = active.get_untracked().within(source.rows.get_untracked());
            viewport.reveal(at.row);
            cell::focus_soon(list, at);
        }
        None => {}
    };

    view! {
        <div
            class="people sheet"
            role="grid"
            aria-label="People"
            aria-rowcount=live(move || row_count(source.total.run(())))
            aria-colcount=COLUMNS.len().to_string()
            on:keydown=keys
            on:focusin=focused
        >
            <Head />
            <Body source viewport active list />
        </div>
    }
}

/// With the heading's row; -1 is ARIA's word for «not known».
fn row_count(total: Option<u64>) -> String {
    total.map_or_else(|| "-1".to_owned(), |total| (total + 1).to_string())
}

fn cell_of(event: &Event) -> Option<Cell> {
    cell::of(event.target()?.dyn_ref::<Element>()?)
}

#[component]
fn Head() -> impl IntoView {
    let cells = (1..).zip(COLUMNS).map(|(column, text)| {
        view! {
            <div class="people__cell" role="columnheader" aria-colindex=number::grouped(column)>
                {text}
            </div>
        }
    });
    view! {
        <div class="people__head" role="rowgroup">
            <div class="people__row" role="row" aria-rowindex="1">
                {cells.collect_view()}
            </div>
        </div>
    }
}

#[component]
fn Body(
    source: Source,
    viewport: Viewport,
    active: RwSignal<Cell>,
    list: NodeRef<Div>,
) -> impl IntoView {
    let scroll = viewport.scroll;
    let height = move || px(scroll.get().height());
    let row_height = move || px(scroll.get().row_height());
    let mounted = Memo::new(move |_| scroll.get().span(viewport::MORE));
    let scrolled = move |_| {
        viewport.scrolled();
        let span = scroll.get_untracked().span(viewport::MORE);
        cell::keep_focus(list, active.get_untracked(), span);
    };
    // The one tab stop is the active cell; while its row is out of view, the list stands in.
    let stop = move || {
        let is_mounted = mounted
            .get()
            .holds(active.get().within(source.rows.get()).row);
        if is_mounted { "-1" } else { "0" }
    };
    rows(
        Callback::new(move |()| viewport.room.get().map(|room| (*room).clone().into())),
        Callback::new(move |()| mounted.get().rows()),
        Callback::new(move |index| built(view! { <Row index source scroll active /> })),
    );
    view! {
        <div
            class="people__list"
            role="rowgroup"
            tabindex=live(stop)
            node_ref=list
            on:scroll=scrolled
        >
            <div class="people__probe" aria-hidden="true" node_ref=viewport.probe></div>
            <div
                class="people__room"
                role="presentation"
                node_ref=viewport.room
                style:block-size=live(height)
                style:--row-height=live(row_height)
            ></div>
        </div>
    }
}

/// A length for a style sheet. All lengths here are whole; and what writes out fractions would
/// be a good part of what the page weighs.
fn px(length: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no taller than browsers draw: far below 2³¹"
    )]
    let whole = length.round() as i32;
    whole.to_string() + "px"
}
