//! Finding and focusing cells in the document.

use std::ops::Range;

use leptos::{html::Div, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, FocusOptions, HtmlElement};

use crate::state::grid::Cell;

/// The column whose cell is the link to the user.
pub(super) const LINK_COLUMN: usize = 1;

/// The attribute `data-cell` of the element in a cell that takes the focus.
pub(super) fn data_cell(cell: Cell) -> String {
    cell.row.to_string() + ":" + &cell.column.to_string()
}

/// The cell that contains `element`.
pub(super) fn containing(element: &Element) -> Option<Cell> {
    let cell = element.closest("[data-cell]").ok().flatten()?;
    let cell = cell.get_attribute("data-cell")?;
    let (row, column) = cell.split_once(':')?;
    Some(Cell {
        row: row.parse().ok()?,
        column: column.parse().ok()?,
    })
}

/// Focuses `cell` in the next frame, when its row has been mounted.
pub(super) fn focus_next_frame(list: NodeRef<Div>, cell: Cell) {
    request_animation_frame(move || {
        let Some(list) = list.try_get_untracked().flatten() else {
            return;
        };
        if let Some(element) = find(&list, cell) {
            focus(&element);
        }
    });
}

/// Follows the link in `row`. Returns whether the row is mounted.
pub(super) fn click_link(list: NodeRef<Div>, row: usize) -> bool {
    let column = LINK_COLUMN;
    let list = list.get_untracked();
    let link = list.and_then(|list| find(&list, Cell { row, column }));
    link.inspect(HtmlElement::click).is_some()
}

fn find(list: &Element, cell: Cell) -> Option<HtmlElement> {
    let selector = String::from("[data-cell='") + &data_cell(cell) + "']";
    list.query_selector(&selector).ok()??.dyn_into().ok()
}

thread_local! {
    static IS_PARKING_FOCUS: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether [`preserve_focus`], not the user, is moving the focus to the list.
pub(super) fn is_parking_focus() -> bool {
    IS_PARKING_FOCUS.get()
}

/// Called before only `mounted` rows remain. The list takes the focus from a cell that is
/// about to be removed, and returns it when the active cell is mounted again.
pub(super) fn preserve_focus(list: NodeRef<Div>, active: Cell, mounted: &Range<usize>) {
    let (Some(list_element), Some(focused)) = (list.get_untracked(), document().active_element())
    else {
        return;
    };
    let is_parked = focused == **list_element;
    if mounted.contains(&active.row) {
        if is_parked {
            focus_next_frame(list, active);
        }
    } else if !is_parked && list_element.contains(Some(&focused)) {
        IS_PARKING_FOCUS.set(true);
        focus(&list_element);
        IS_PARKING_FOCUS.set(false);
    }
}

/// Without scrolling, which the grid does itself.
fn focus(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    _ = element.focus_with_options(&options);
}
