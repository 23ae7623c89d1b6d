//! The wire log: what passes between the page and the server in a call.

use leptos::{html::Tbody, prelude::*};

use super::{built::built, live::live, rows::rows};
use crate::model::{
    Kept,
    number::grouped,
    stream::State,
    wire::{Entry, tenths},
};

/// What has passed, and what the call ended with.
#[component]
pub(crate) fn Wire(
    log: RwSignal<Kept<Entry>>,
    state: ReadSignal<State>,
    /// How long it took, in tenths of a millisecond.
    lasted: ReadSignal<u64>,
) -> impl IntoView {
    let body = NodeRef::<Tbody>::new();
    let passed = move |index: usize| {
        let entry = log.with_untracked(|log| log.get(index).copied());
        built(entry.map(|entry| view! { <Passed entry /> }))
    };
    rows(
        Callback::new(move |()| body.get().map(|body| (*body).clone().into())),
        Callback::new(move |()| log.with(Kept::indices)),
        Callback::new(passed),
    );
    let status = move || state.with(|state| state.words(lasted.get()));
    view! {
        <section class="wire" aria-labelledby="wire">
            <h3 class="wire__title" id="wire">
                "On the wire"
            </h3>
            <div class="wire__scroll" tabindex="0" role="group" aria-labelledby="wire">
                <table class="wire__table" aria-labelledby="wire">
                    <thead>
                        <tr>
                            <th scope="col">"Direction"</th>
                            <th scope="col">"Kind"</th>
                            <th scope="col">"Bytes"</th>
                            <th scope="col">"ms"</th>
                        </tr>
                    </thead>
                    <tbody node_ref=body></tbody>
                </table>
            </div>
            <p class="kept">{live(move || log.with(Kept::words))}</p>
            <p class="wire__status" role="status">
                {live(status)}
            </p>
        </section>
    }
}

#[component]
fn Passed(entry: Entry) -> impl IntoView {
    let (arrow, way) = if entry.sent {
        ("→", " sent")
    } else {
        ("←", " received")
    };
    view! {
        <tr data-sent=entry.sent.then_some("")>
            <td>
                <span aria-hidden="true">{arrow}</span>
                {way}
            </td>
            <td>{entry.kind.name()}</td>
            <td>{grouped(entry.bytes)}</td>
            <td>{tenths(entry.ms)}</td>
        </tr>
    }
}
