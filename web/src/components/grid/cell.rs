//! Cells in the document: how they are marked, found and focused.

use leptos::{html::Div, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, FocusOptions, HtmlElement};

use crate::model::{grid::Cell, scroll::Span};

/// The column whose cell is the link to the person.
pub(super) const LINK: usize = 1;

/// What marks the element of a cell that takes the focus.
pub(super) fn mark(cell: Cell) -> String {
    cell.row.to_string() + ":" + &cell.column.to_string()
}

/// The cell that `element` is in.
pub(super) fn of(element: &Element) -> Option<Cell> {
    let marked = element.closest("[data-cell]").ok().flatten()?;
    let mark = marked.get_attribute("data-cell")?;
    let (row, column) = mark.split_once(':')?;
    Some(Cell {
        row: row.parse().ok()?,
        column: column.parse().ok()?,
    })
}

/// Focuses `cell` once its row is in the document: with the next frame.
pub(super) fn focus_soon(list: NodeRef<Div>, cell: Cell) {
    request_animation_frame(move || {
        let Some(list) = list.try_get_untracked().flatten() else {
            return;
        };
        if let Some(element) = find(&list, cell) {
            focus(&element);
        }
    });
}

/// Follows the link in `row`, as Enter does on the link itself; whether there is one.
pub(super) fn open(list: NodeRef<Div>, row: usize) -> bool {
    let column = LINK;
    let list = list.get_untracked();
    let link = list.and_then(|list| find(&list, Cell { row, column }));
    link.inspect(HtmlElement::click).is_some()
}

fn find(list: &Element, cell: Cell) -> Option<HtmlElement> {
    let selector = String::from("[data-cell='") + &mark(cell) + "']";
    list.query_selector(&selector).ok()??.dyn_into().ok()
}

thread_local! {
    static PARKING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether the focus is just being put on the list by [`keep_focus`], not by the person.
pub(super) fn is_parking() -> bool {
    PARKING.get()
}

/// The rows of `span` are about to be all there are. Where the focus is on a cell that goes, the
/// list takes it, or it would be lost; where `active` comes back, it goes back there.
pub(super) fn keep_focus(list: NodeRef<Div>, active: Cell, span: Span) {
    let (Some(element), Some(focused)) = (list.get_untracked(), document().active_element()) else {
        return;
    };
    let is_parked = focused == **element;
    if span.holds(active.row) {
        if is_parked {
            focus_soon(list, active);
        }
    } else if !is_parked && element.contains(Some(&focused)) {
        PARKING.set(true);
        focus(&element);
        PARKING.set(false);
    }
}

/// The grid scrolls by itself, and knows better how far.
fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    _ = element.focus_with_options(&options);
}
