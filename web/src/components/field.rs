//! The form that asks for a name, and what else can be done about a call.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::{built::built, live::live};
use crate::model::{Call, call::Facts, deadline};

/// What the person wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// To send a name.
    Say {
        /// As it was entered.
        name: String,
        /// How long the call is to take, as it was entered.
        deadline: String,
    },
    /// To send no more.
    Finish,
    /// No more of it.
    Cancel,
}

/// A name, a deadline, and the buttons.
#[component]
pub(crate) fn NameField(
    call: Call,
    /// What is wrong with the name that was sent, where something is.
    fault: Memo<Option<String>>,
    /// Whether the deadline is none.
    slip: ReadSignal<bool>,
    /// Whether the call is under way.
    busy: Memo<bool>,
    /// Whether more may be said.
    open: Memo<bool>,
    /// Whether what was entered has been sent, and room is to be made for more.
    on_act: Callback<Act, bool>,
) -> impl IntoView {
    let Facts {
        send, end, usual, ..
    } = call.facts();
    let [name, seconds] = [(); 2].map(|()| NodeRef::<Input>::new());
    let entered = move |field: NodeRef<Input>| {
        let input = field.get_untracked();
        input.map(|input| input.value()).unwrap_or_default()
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let act = Act::Say {
            name: entered(name),
            deadline: entered(seconds),
        };
        if on_act.run(act)
            && let Some(input) = name.get_untracked()
        {
            input.set_value("");
        }
    };
    let truth = |it: bool| it.then_some("true");
    // Always there: who has the focus on one keeps it.
    let button = move |text: &'static str, may: Memo<bool>, act: Act| {
        let press = move |_| {
            if may.get_untracked() {
                on_act.run(act.clone());
            }
        };
        view! {
            <button
                class="button"
                type="button"
                aria-disabled=live(move || truth(!may.get()))
                on:click=press
            >
                {text}
            </button>
        }
    };
    view! {
        <form class="ask sheet" on:submit=submit novalidate>
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
                    aria-invalid=live(move || truth(fault.with(Option::is_some)))
                    aria-describedby="name-fault"
                    node_ref=name
                />
                <button
                    class="button button--main"
                    type="submit"
                    aria-busy=live(move || truth(busy.get() && !open.get()))
                >
                    {*send}
                </button>
            </div>
            <p class="ask__fault" id="name-fault" role="alert">
                {live(move || fault.get().unwrap_or_default())}
            </p>
            <div class="ask__row ask__more">
                <label class="ask__small" for="deadline">
                    "Deadline in seconds"
                </label>
                <input
                    class="input ask__number"
                    id="deadline"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    aria-invalid=live(move || truth(slip.get()))
                    aria-describedby="deadline-usual deadline-fault"
                    node_ref=seconds
                />
                <span class="ask__small ask__usual" id="deadline-usual">
                    {*usual}
                </span>
                {built(end.map(|end| button(end, open, Act::Finish)))}
                {button("Cancel", busy, Act::Cancel)}
            </div>
            <p class="ask__fault" id="deadline-fault" role="alert">
                {live(move || if slip.get() { deadline::FAULT } else { "" })}
            </p>
        </form>
    }
}
