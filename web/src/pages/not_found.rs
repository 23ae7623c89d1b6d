use leptos::prelude::*;

use crate::components::heading::Heading;

#[component]
pub(crate) fn NotFoundPage() -> impl IntoView {
    view! {
        <Heading text=|()| "Page not found".to_owned() />
        <p class="lead">"There is no page at this address. Check it for typos."</p>
        <p class="link-row">
            <a class="button" href="/users">
                "Open the directory"
            </a>
            <a class="button" href="/">
                "Open the greeter"
            </a>
        </p>
    }
}
