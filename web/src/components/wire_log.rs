use std::ops::Range;

use leptos::prelude::*;

use super::{
    log_list::{LogItem, log_list},
    reactive::reactive,
};
use crate::state::{
    format::{group_digits, tenths},
    wire_log::WireEntry,
};

/// What was sent and received in a call, and its status.
#[component]
pub(crate) fn WireLog(
    /// The indices of the retained entries.
    indices: Callback<(), Range<usize>>,
    entry: Callback<usize, Option<WireEntry>>,
    dropped_note: Callback<(), String>,
    status: Callback<(), String>,
) -> impl IntoView {
    let item = move |index| entry.run(index).map(log_item);
    let list = log_list("wire-log__list", None, indices, Callback::new(item));
    view! {
        <div class="wire-log surface">
            <h3 class="wire-log__title" id="wire-log">
                "On the wire"
            </h3>
            <div class="wire-log__scroll" tabindex="0" role="group" aria-labelledby="wire-log">
                {list}
            </div>
            <p class="log-list__note">{reactive(move || dropped_note.run(()))}</p>
            <p class="wire-log__status" role="status">
                {reactive(move || status.run(()))}
            </p>
        </div>
    }
}

fn log_item(entry: WireEntry) -> LogItem {
    let direction = if entry.is_outgoing {
        "sent"
    } else {
        "received"
    };
    LogItem {
        spans: vec![
            ("wire-log__direction", direction.to_owned()),
            ("", entry.kind.name().to_owned()),
            ("", group_digits(entry.bytes) + "\u{a0}bytes"),
            ("", tenths(entry.elapsed) + "\u{a0}ms"),
        ],
        is_own: entry.is_outgoing,
        language: None,
    }
}
