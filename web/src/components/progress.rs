//! How far a list has come in, and what can be done about it.

use leptos::prelude::*;

use super::live::live;
use crate::model::progress::{self, Count, Phase};

/// What the person wants of the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// No more of it.
    Stop,
    /// From the first person on; who is there stays until then.
    Read,
}

/// How many of how many, and the button.
#[component]
pub(crate) fn Gauge(
    phase: ReadSignal<Phase>,
    count: ReadSignal<Count>,
    #[prop(into)] on_turn: Callback<Turn>,
) -> impl IntoView {
    let underway = Memo::new(move |_| phase.with(Phase::is_underway));
    let stopped = Memo::new(move |_| phase.with(|phase| *phase == Phase::Stopped));
    let words = move || phase.with(|phase| progress::standing(phase, count.get()));
    // One button with three names: who has the focus on it keeps it.
    let turn = move || match (underway.get(), stopped.get()) {
        (true, _) => (Turn::Stop, "Stop"),
        (false, true) => (Turn::Read, "Start again"),
        (false, false) => (Turn::Read, "Refresh"),
    };
    view! {
        <div class="gauge">
            <p class="gauge__count">{live(words)}</p>
            <Bar count underway />
            <button
                class="button gauge__button"
                type="button"
                on:click=move |_| on_turn.run(turn().0)
            >
                {live(move || turn().1)}
            </button>
        </div>
    }
}

/// The bar; without a value while the total is not known.
#[component]
fn Bar(count: ReadSignal<Count>, underway: Memo<bool>) -> impl IntoView {
    let total = move || count.get().total;
    view! {
        <progress
            class="gauge__bar"
            aria-label="People received"
            data-idle=live(move || (!underway.get()).then_some(""))
            max=live(move || total().map(|total| total.max(1).to_string()))
            value=live(move || total().map(|_| count.get().received.to_string()))
        ></progress>
    }
}
