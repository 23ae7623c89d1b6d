//! The choice between the types of calls.

use leptos::prelude::*;

use crate::model::Call;

/// The four types of calls, each a link.
#[component]
pub(crate) fn CallSwitch(now: Call) -> impl IntoView {
    let link = move |call: Call| {
        view! {
            <a
                class="switch__link"
                href=call.path()
                aria-current=(now == call).then_some("page")
                data-noscroll
            >
                {call.facts().title}
            </a>
        }
    };
    view! {
        <nav class="switch switch--calls" aria-label="Types of calls">
            {Call::ALL.map(link).to_vec()}
        </nav>
    }
}
