//! A list that grows at its end.

use std::ops::Range;

use leptos::{html::Ul, prelude::*};

use super::{
    mounted_rows::mount_rows,
    view_slot::{ViewSlot, view_slot},
};

pub(super) struct LogItem {
    /// The spans of the item, each with its CSS class and its text.
    pub(super) spans: Vec<(&'static str, String)>,
    /// Whether the page sent it; otherwise the server did.
    pub(super) is_own: bool,
    /// The language tag, if it differs from the page's.
    pub(super) language: Option<&'static str>,
}

/// A list of the items at `indices`. It needs a label unless an ancestor provides one.
pub(super) fn log_list(
    class: &'static str,
    label: Option<&'static str>,
    indices: Callback<(), Range<usize>>,
    item: Callback<usize, Option<LogItem>>,
) -> ViewSlot {
    let list = NodeRef::<Ul>::new();
    mount_rows(
        Callback::new(move |()| list.get().map(|list| (*list).clone().into())),
        indices,
        Callback::new(move |index| view_slot(item.run(index).map(list_item))),
    );
    view_slot(view! { <ul class=class aria-label=label node_ref=list></ul> })
}

fn list_item(item: LogItem) -> impl IntoView {
    let LogItem {
        spans,
        is_own,
        language,
    } = item;
    let span = |(class, text): (&'static str, String)| view! { <span class=class>{text}</span> };
    // Screen readers need not announce what the user has just sent.
    let off = is_own.then_some("off");
    view! {
        <li class="log-list__item" data-own=off aria-live=off lang=language dir="auto">
            {spans.into_iter().map(span).collect_view()}
        </li>
    }
}
