//! A page for what is not there.

use leptos::prelude::*;

use crate::components::Heading;

/// Says so, and names the ways on.
#[component]
pub(crate) fn MissingPage() -> impl IntoView {
    view! {
        <Heading text=|()| "Nothing here".to_owned() />
        <p class="lead">"No page has this address. It may have been mistyped, or be gone."</p>
        <p class="ways">
            <a class="button" href="/users">
                "Look in the directory"
            </a>
            <a class="button" href="/">
                "Be greeted"
            </a>
        </p>
    }
}
