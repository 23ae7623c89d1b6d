//! The wire log: what passes between the page and the server in a call.

use std::ops::Range;

use leptos::prelude::*;

use super::{
    feed::{Item, feed},
    live::live,
};
use crate::model::{
    number::grouped,
    wire::{Entry, tenths},
};

/// What has passed, and how far the call is.
#[component]
pub(crate) fn Wire(
    /// Where those lie that are kept.
    indices: Callback<(), Range<usize>>,
    /// What has passed, by its index.
    entry: Callback<usize, Option<Entry>>,
    /// That some are gone.
    gone: Callback<(), String>,
    /// How far the call is, in words.
    status: Callback<(), String>,
) -> impl IntoView {
    let passed = move |index| entry.run(index).map(passed);
    let list = feed("passed", None, indices, Callback::new(passed));
    view! {
        <div class="wire sheet">
            <h3 class="wire__title" id="wire">
                "On the wire"
            </h3>
            <div class="wire__scroll" tabindex="0" role="group" aria-labelledby="wire">
                {list}
            </div>
            <p class="kept">{live(move || gone.run(()))}</p>
            <p class="wire__status" role="status">
                {live(move || status.run(()))}
            </p>
        </div>
    }
}

fn passed(entry: Entry) -> Item {
    let way = if entry.sent { "sent" } else { "received" };
    Item {
        pieces: vec![
            ("passed__way", way.to_owned()),
            ("", entry.kind.name().to_owned()),
            ("", grouped(entry.bytes) + "\u{a0}bytes"),
            ("", tenths(entry.ms) + "\u{a0}ms"),
        ],
        mine: entry.sent,
        tongue: None,
    }
}
