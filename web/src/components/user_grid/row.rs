use leptos::prelude::*;

use super::{super::reactive::reactive, cell, source::RowSource};
use crate::state::{format::px, grid::Cell, route::user_path, virtual_scroll::VirtualScroll};

#[component]
pub(super) fn Row(
    index: usize,
    source: RowSource,
    scroll: Memo<VirtualScroll>,
    active: RwSignal<Cell>,
) -> impl IntoView {
    let user = Memo::new(move |_| {
        source.version.track();
        source.user.run(index).unwrap_or_default()
    });
    let transform = move || {
        let top = px(scroll.get().row_top(index));
        String::from("translateY(") + &top + ")"
    };
    let tabindex = move |column: usize| {
        reactive(move || {
            let cell = Cell { row: index, column };
            let is_active = active.get().clamped(source.rows.get()) == cell;
            if is_active { "0" } else { "-1" }
        })
    };
    let data_cell = |column: usize| cell::data_cell(Cell { row: index, column });
    // Counted from 1, with the header row.
    let row_index = (source.offset + 2 + index as u64).to_string();
    view! {
        <div
            class="user-grid__row"
            role="row"
            aria-rowindex=row_index
            style:transform=reactive(transform)
        >
            <div
                class="user-grid__cell user-grid__id"
                role="gridcell"
                aria-colindex="1"
                tabindex=tabindex(0)
                data-cell=data_cell(0)
            >
                {reactive(move || user.with(|user| user.id.to_string()))}
            </div>
            <div class="user-grid__cell user-grid__name" role="gridcell" aria-colindex="2">
                <a
                    class="user-grid__link"
                    href=reactive(move || user.with(|user| user_path(user.id)))
                    tabindex=tabindex(cell::LINK_COLUMN)
                    data-cell=data_cell(cell::LINK_COLUMN)
                >
                    <bdi>{reactive(move || user.with(|user| user.name.clone()))}</bdi>
                </a>
            </div>
            <div
                class="user-grid__cell user-grid__email"
                role="gridcell"
                aria-colindex="3"
                tabindex=tabindex(2)
                data-cell=data_cell(2)
            >
                {reactive(move || user.with(|user| user.email.clone()))}
            </div>
        </div>
    }
}
