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
    let words = move || phase.with(|phase| progress::standing(phase, count.get()));
    // One button with four names: who has the focus on it keeps it.
    let turn = move || {
        phase.with(|phase| match phase {
            Phase::Opening | Phase::Receiving => (Turn::Stop, "Stop"),
            Phase::Stopped => (Turn::Read, "Start again"),
            Phase::Failed(_) => (Turn::Read, "Try again"),
            Phase::Complete | Phase::Paused => (Turn::Read, "Refresh"),
        })
    };
    view! {
        <div class="gauge">
            <p class="gauge__count">{live(words)}</p>
            <Bar phase count />
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

/// The bar; without a value while the total is not known. It keeps its room where there is nothing
/// more to say by it: the list below stays where it is.
#[component]
fn Bar(phase: ReadSignal<Phase>, count: ReadSignal<Count>) -> impl IntoView {
    let total = move || count.get().total;
    let unless = move |it: bool| (!it).then_some("");
    view! {
        <progress
            class="gauge__bar"
            aria-label="People received"
            data-idle=live(move || unless(phase.with(Phase::is_underway)))
            data-done=live(move || unless(phase.with(|it| progress::is_open(it, count.get()))))
            max=live(move || total().map(|total| total.max(1).to_string()))
            value=live(move || total().map(|_| count.get().received.to_string()))
        ></progress>
    }
}
