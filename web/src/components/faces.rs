//! The faces of a read that has nothing to show: waiting, empty, failed.

use std::time::Duration;

use leptos::prelude::*;

use super::live::live;
use crate::model::{Failure, words};

/// After this, waiting is put into words.
const SLOW: Duration = Duration::from_secs(1);

/// Something is on its way. Shows nothing for a moment (a quick answer must not flicker), then
/// that it waits, and says so once it takes long.
#[component]
pub(crate) fn Waiting(
    /// What is waited for: «Opening the directory…».
    text: &'static str,
) -> impl IntoView {
    let slow = RwSignal::new(false);
    let timer = set_timeout_with_handle(
        move || {
            slow.try_set(true);
        },
        SLOW,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let words = move || {
        slow.get()
            .then_some("This takes longer than usual. Still waiting for the desk.")
    };
    view! {
        <div class="face face--waiting">
            <span class="face__dots" aria-hidden="true"></span>
            <p class="face__title">{text}</p>
            <p class="face__advice" role="status">
                {live(words)}
            </p>
        </div>
    }
}

/// There is nothing, and that is as it should be.
#[component]
pub(crate) fn Blank(title: &'static str, advice: &'static str) -> impl IntoView {
    view! {
        <div class="face face--blank">
            <p class="face__title">{title}</p>
            <p class="face__advice">{advice}</p>
        </div>
    }
}

/// It failed: what happened, what to do, and a way to try again.
#[component]
pub(crate) fn Failed(failure: Failure, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let said = words::of(&failure);
    view! {
        <div class="face face--failed" role="alert">
            <p class="face__title">{said.title}</p>
            <p class="face__advice">{said.advice}</p>
            <button class="button" type="button" on:click=move |_| retry.run(())>
                "Try again"
            </button>
        </div>
    }
}
