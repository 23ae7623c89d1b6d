use leptos::prelude::*;

use super::reactive::reactive;
use crate::state::progress::{self, Count, Phase};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListAction {
    Stop,
    Reload,
}

/// How many users have arrived, a progress bar, and a button to stop or reload the list.
#[component]
pub(crate) fn ListProgress(
    phase: ReadSignal<Phase>,
    count: ReadSignal<Count>,
    #[prop(into)] on_action: Callback<ListAction>,
) -> impl IntoView {
    let summary = move || phase.with(|phase| progress::summary(phase, count.get()));
    // One button with changing labels, so that it keeps the focus.
    let action = move || {
        phase.with(|phase| match phase {
            Phase::Connecting | Phase::Receiving => (ListAction::Stop, "Stop"),
            Phase::Stopped => (ListAction::Reload, "Start again"),
            Phase::Failed(_) => (ListAction::Reload, "Try again"),
            Phase::Complete | Phase::Paused => (ListAction::Reload, "Refresh"),
        })
    };
    view! {
        <div class="list-progress">
            <p class="list-progress__count">{reactive(summary)}</p>
            <Bar phase count />
            <button
                class="button list-progress__button"
                type="button"
                on:click=move |_| on_action.run(action().0)
            >
                {reactive(move || action().1)}
            </button>
        </div>
    }
}

/// Indeterminate while the total is unknown. Keeps its space while it is hidden, so that the list
/// does not move.
#[component]
fn Bar(phase: ReadSignal<Phase>, count: ReadSignal<Count>) -> impl IntoView {
    let total = move || count.get().total;
    let if_not = move |value: bool| (!value).then_some("");
    view! {
        <progress
            class="list-progress__bar"
            aria-label="Users received"
            data-idle=reactive(move || if_not(phase.with(Phase::is_active)))
            data-hidden=reactive(move || {
                if_not(phase.with(|phase| progress::shows_bar(phase, count.get())))
            })
            max=reactive(move || total().map(|total| total.max(1).to_string()))
            value=reactive(move || total().map(|_| count.get().received.to_string()))
        ></progress>
    }
}
