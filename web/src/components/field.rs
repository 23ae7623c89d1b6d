//! The form that asks for a name.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::live::live;

/// A name, and the button that sends it.
#[component]
pub(crate) fn NameField(
    /// What is wrong with the name that was sent, where something is.
    fault: Memo<Option<String>>,
    /// Whether an answer is on its way.
    busy: Memo<bool>,
    /// Called with what was entered.
    #[prop(into)]
    on_name: Callback<String>,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(input) = input.get_untracked() {
            on_name.run(input.value());
        }
    };
    let is_faulty = move || fault.with(Option::is_some).then_some("true");
    view! {
        <form class="ask" on:submit=submit novalidate>
            <label class="ask__label" for="name">
                "Name"
            </label>
            <div class="ask__row">
                <input
                    class="input"
                    id="name"
                    name="name"
                    type="text"
                    dir="auto"
                    autocomplete="name"
                    autocapitalize="words"
                    spellcheck="false"
                    aria-invalid=live(is_faulty)
                    aria-describedby="name-fault"
                    node_ref=input
                />
                <button class="button button--main" type="submit" aria-busy=live(move || busy.get().then_some("true"))>
                    "Greet"
                </button>
            </div>
            <p class="ask__fault" id="name-fault" role="alert">
                {live(move || fault.get().unwrap_or_default())}
            </p>
        </form>
    }
}
