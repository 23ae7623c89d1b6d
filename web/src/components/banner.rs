//! Whether the server is there, said above every page when it is not.

use std::time::Duration;

use leptos::prelude::*;

use super::live::live;

/// «The desk is back» is read in this time.
const BACK_FOR: Duration = Duration::from_secs(4);

/// Says that the server is gone, and, for a moment, that it is back.
#[component]
pub(crate) fn Banner(
    /// Whether the server can't be reached.
    gone: ReadSignal<bool>,
    /// How often it has come back.
    returns: ReadSignal<u32>,
) -> impl IntoView {
    let greeted = RwSignal::new(0_u32);
    Effect::watch(
        move || returns.get(),
        move |returns, _, _| {
            let returns = *returns;
            set_timeout(
                move || {
                    greeted.try_set(returns);
                },
                BACK_FOR,
            );
        },
        false,
    );
    let state = move || {
        if gone.get() {
            "gone"
        } else if returns.get() > greeted.get() {
            "back"
        } else {
            "there"
        }
    };
    let words = move || match state() {
        "gone" => "The desk does not answer. Trying again…",
        "back" => "The desk is back.",
        _ => "",
    };
    view! {
        <div class="banner" role="status" data-state=live(state)>
            <p class="banner__text">{live(words)}</p>
        </div>
    }
}
