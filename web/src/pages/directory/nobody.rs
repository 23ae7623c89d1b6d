//! A directory without people.

use leptos::prelude::*;

use crate::components::Blank;

/// Says so, all at once or page by page.
#[component]
pub(super) fn Nobody() -> impl IntoView {
    view! {
        <Blank
            title="Nobody is in the directory yet."
            advice="Once people are entered, they appear here."
        />
    }
}
