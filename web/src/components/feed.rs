//! A list that grows at its end.

use std::ops::Range;

use leptos::{html::Ul, prelude::*};

use super::{
    built::{Built, built},
    rows::rows,
};

/// One line of it: a piece of text after another, each with its class.
pub(super) struct Item {
    pub(super) pieces: Vec<(&'static str, String)>,
    /// Whether it came from here.
    pub(super) mine: bool,
    /// The language, where it is another than the page's.
    pub(super) tongue: Option<&'static str>,
}

/// A list with the lines at `indices`. It has a name where what it lies in has not the same.
pub(super) fn feed(
    class: &'static str,
    label: Option<&'static str>,
    indices: Callback<(), Range<usize>>,
    item: Callback<usize, Option<Item>>,
) -> Built {
    let list = NodeRef::<Ul>::new();
    rows(
        Callback::new(move |()| list.get().map(|list| (*list).clone().into())),
        indices,
        Callback::new(move |index| built(item.run(index).map(line))),
    );
    built(view! { <ul class=class aria-label=label node_ref=list></ul> })
}

fn line(item: Item) -> impl IntoView {
    let Item {
        pieces,
        mine,
        tongue,
    } = item;
    let piece = |(class, text): (&'static str, String)| view! { <span class=class>{text}</span> };
    // What one has just sent need not be read out.
    let hushed = mine.then_some("off");
    view! {
        <li class="line" data-mine=hushed aria-live=hushed lang=tongue dir="auto">
            {pieces.into_iter().map(piece).collect_view()}
        </li>
    }
}
