use leptos::prelude::*;

use super::reactive::reactive;

/// A text for screen readers only, announced when it changes.
#[component]
pub(crate) fn Announcement(#[prop(into)] text: Callback<(), String>) -> impl IntoView {
    view! {
        <p class="visually-hidden" role="status">
            {reactive(move || text.run(()))}
        </p>
    }
}
