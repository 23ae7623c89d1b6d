//! Everybody in one list, as they come in.

use leptos::prelude::*;

use super::{memory::Memory, reading::Reading};
use crate::{
    api::Api,
    components::{Blank, Failed, Gauge, People, Turn, Waiting, grid::Source},
    model::{address::View, progress::Phase},
};

/// The list, what it is doing, and the buttons.
#[component]
pub(super) fn Everybody() -> impl IntoView {
    let memory = expect_context::<Memory>();
    let reading = memory.reading;
    reading.resume();
    on_cleanup(move || reading.pause());

    let returns = expect_context::<Api>().link.returns();
    Effect::watch(
        move || returns.get(),
        move |_, _, _| {
            let phase = reading.phase().get_untracked();
            if matches!(phase, Phase::Failed(failure) if failure.may_pass()) {
                reading.read();
            }
        },
        false,
    );
    let turn = move |turn| match turn {
        Turn::Stop => reading.stop(),
        Turn::Continue => reading.read(),
        Turn::StartAgain => reading.start_again(),
    };

    view! {
        <Gauge phase=reading.phase() count=reading.count() on_turn=turn />
        <p class="unseen" role="status">
            {reading.said()}
        </p>
        <Trouble reading />
        <Rows memory />
    }
}

/// Why the list broke off. Who came in before stays below.
#[component]
fn Trouble(reading: Reading) -> impl IntoView {
    let failure = Memo::new(move |_| match reading.phase().get() {
        Phase::Failed(failure) => Some(failure),
        _ => None,
    });
    move || {
        failure.get().map(|failure| {
            view! { <Failed failure retry=move |()| reading.read() /> }
        })
    }
}

/// The list itself, or what stands in its place while it has no rows.
#[component]
fn Rows(memory: Memory) -> impl IntoView {
    let reading = memory.reading;
    let any = Memo::new(move |_| reading.rows().get() > 0);
    let bare = Memo::new(move |_| match reading.phase().get() {
        Phase::Failed(_) | Phase::Stopped => Bare::Nothing,
        Phase::Complete => Bare::Nobody,
        _ => Bare::Waiting,
    });
    let source = Source {
        rows: reading.rows(),
        edition: reading.edition(),
        person: Callback::new(move |index| reading.person(index)),
        offset: Signal::stored(0),
        total: Signal::derive(move || reading.count().get().total),
    };
    move || {
        if any.get() {
            let place = memory.place(View::All);
            let keep = move |place| memory.keep(View::All, place);
            return view! { <People source place on_place=keep /> }.into_any();
        }
        match bare.get() {
            Bare::Nothing => ().into_any(),
            Bare::Waiting => view! { <Waiting text="Opening the directory…" /> }.into_any(),
            Bare::Nobody => view! {
                <Blank
                    title="Nobody is in the directory yet."
                    advice="Once people are entered, they appear here."
                />
            }
            .into_any(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bare {
    Waiting,
    Nobody,
    Nothing,
}
