//! What changes, in one type for all.
//!
//! A closure in a view makes code of its own for all that is done with it, and a page has dozens.
//! Behind one type the code is there once: that is a fifth of what a first visit loads.

use std::sync::{Arc, Mutex};

use leptos::{prelude::*, tachys::reactive_graph::SharedReactiveFunction};

/// A text, an attribute or a piece of a view that follows the signals that it reads.
pub(crate) fn live<T>(read: impl FnMut() -> T + Send + 'static) -> SharedReactiveFunction<T> {
    Arc::new(Mutex::new(read))
}

/// Rows in order, each made once for as long as its index is among `indices`.
#[component]
pub(crate) fn Each(
    /// Ascending.
    #[prop(into)]
    indices: Callback<(), std::ops::Range<usize>>,
    /// The row at an index.
    #[prop(into)]
    row: Callback<usize, AnyView>,
) -> impl IntoView {
    view! {
        <For
            each=move || indices.run(())
            key=|index| *index
            children=move |index| row.run(index)
        />
    }
}
