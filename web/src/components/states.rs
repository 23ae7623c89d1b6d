//! What is shown in place of data: loading, empty, failed.

use std::time::Duration;

use leptos::prelude::*;

use super::reactive::reactive;
use crate::state::{error::Error, error_text};

/// After this time, the page explains that it is still waiting.
const SLOW: Duration = Duration::from_secs(1);

/// Appears after a moment, so that a fast response does not flicker.
#[component]
pub(crate) fn LoadingState(text: &'static str) -> impl IntoView {
    let is_slow = RwSignal::new(false);
    let timer = set_timeout_with_handle(
        move || {
            is_slow.try_set(true);
        },
        SLOW,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let advice = move || {
        is_slow
            .get()
            .then_some("This takes longer than usual. Still waiting for the server.")
    };
    view! {
        <div class="state state--loading">
            <span class="state__indicator" aria-hidden="true"></span>
            <p class="state__title">{text}</p>
            <p class="state__advice" role="status">
                {reactive(advice)}
            </p>
        </div>
    }
}

#[component]
pub(crate) fn EmptyState(title: &'static str, advice: &'static str) -> impl IntoView {
    view! {
        <div class="state">
            <p class="state__title">{title}</p>
            <p class="state__advice">{advice}</p>
        </div>
    }
}

#[component]
pub(crate) fn ErrorState(error: Error, #[prop(into)] retry: Callback<()>) -> impl IntoView {
    let text = error_text::describe(&error);
    view! {
        <div class="state state--error" role="alert">
            <p class="state__title">{text.title}</p>
            <p class="state__advice">{text.advice}</p>
            <button class="button" type="button" on:click=move |_| retry.run(())>
                "Try again"
            </button>
        </div>
    }
}
