//! Everybody in one list, as they come in.

use leptos::prelude::*;

use super::{super::back::when_back, memory::Memory, nobody::Nobody, reading::Reading};
use crate::{
    components::{Failed, Gauge, People, Turn, Waiting, built, grid::Source, live},
    model::{address::View, progress::Phase},
};

/// The list, what it is doing, and the button.
#[component]
pub(super) fn Everybody() -> impl IntoView {
    let memory = expect_context::<Memory>();
    let reading = memory.reading;
    reading.resume();
    on_cleanup(move || reading.pause());

    when_back(move || {
        let phase = reading.phase().get_untracked();
        if matches!(phase, Phase::Failed(failure) if failure.may_pass()) {
            reading.read();
        }
    });
    let turn = move |turn| match turn {
        Turn::Stop => reading.stop(),
        Turn::Read => reading.read(),
    };

    view! {
        <Gauge phase=reading.phase() count=reading.count() on_turn=turn />
        <p class="unseen" role="status">
            {live(move || reading.said().get())}
        </p>
        <Trouble reading />
        <Rows memory />
    }
}

/// Why the list broke off. Who came in before stays below.
#[component]
fn Trouble(reading: Reading) -> impl IntoView {
    live(move || {
        let Phase::Failed(failure) = reading.phase().get() else {
            return built(());
        };
        built(view! { <Failed failure retry=move |()| reading.read() /> })
    })
}

/// The list itself, or what stands in its place while it has no rows.
#[component]
fn Rows(memory: Memory) -> impl IntoView {
    let reading = memory.reading;
    // Made anew when the face changes, and not with each row that comes in.
    let face = Memo::new(move |_| Face::of(reading.rows().get(), &reading.phase().get()));
    let source = Source {
        rows: reading.rows(),
        edition: reading.edition(),
        person: Callback::new(move |index| reading.person(index)),
        offset: 0,
        total: Callback::new(move |()| reading.count().get().total),
    };
    live(move || match face.get() {
        Face::There => {
            let place = memory.place(View::All);
            let keep = move |place| memory.keep(View::All, place);
            built(view! { <People source place on_place=keep /> })
        }
        Face::Waiting => built(view! { <Waiting text="Opening the directory…" /> }),
        Face::Nobody => built(view! { <Nobody /> }),
        Face::Nothing => built(()),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    There,
    Waiting,
    Nobody,
    /// Why there is nobody is said above.
    Nothing,
}

impl Face {
    fn of(rows: usize, phase: &Phase) -> Self {
        match phase {
            _ if rows > 0 => Self::There,
            Phase::Failed(_) | Phase::Stopped => Self::Nothing,
            Phase::Complete => Self::Nobody,
            Phase::Opening | Phase::Receiving | Phase::Paused => Self::Waiting,
        }
    }
}
