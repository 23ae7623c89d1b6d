//! One row of the grid.

use leptos::prelude::*;

use super::{super::live::live, Source, cell, px};
use crate::model::{address::person_path, grid::Cell, scroll::Scroll};

/// The person at `index`, at their place.
#[component]
pub(super) fn Row(
    index: usize,
    source: Source,
    scroll: Memo<Scroll>,
    active: RwSignal<Cell>,
) -> impl IntoView {
    let person = Memo::new(move |_| {
        source.edition.track();
        source.person.run(index).unwrap_or_default()
    });
    let place = move || {
        let place = px(scroll.get().place(index));
        String::from("translateY(") + &place + ")"
    };
    let stop = move |column: usize| {
        live(move || {
            let here = Cell { row: index, column };
            let is_stop = active.get().within(source.rows.get()) == here;
            if is_stop { "0" } else { "-1" }
        })
    };
    let mark = |column: usize| cell::mark(Cell { row: index, column });
    let position = (source.offset + 2 + index as u64).to_string();
    view! {
        <div
            class="people__row"
            role="row"
            aria-rowindex=position
            style:transform=live(place)
        >
            <div
                class="people__cell people__id"
                role="gridcell"
                aria-colindex="1"
                tabindex=stop(0)
                data-cell=mark(0)
            >
                {live(move || person.with(|it| it.id.to_string()))}
            </div>
            <div class="people__cell people__name" role="gridcell" aria-colindex="2">
                <a
                    class="people__link"
                    href=live(move || person.with(|it| person_path(it.id)))
                    tabindex=stop(cell::LINK)
                    data-cell=mark(cell::LINK)
                >
                    <bdi>{live(move || person.with(|it| it.name.clone()))}</bdi>
                </a>
            </div>
            <div
                class="people__cell people__email"
                role="gridcell"
                aria-colindex="3"
                tabindex=stop(2)
                data-cell=mark(2)
            >
                {live(move || person.with(|it| it.email.clone()))}
            </div>
        </div>
    }
}
