use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::{reactive::reactive, view_slot::view_slot};
use crate::state::{
    call_type::{CallInfo, CallType},
    deadline::DEADLINE_ERROR,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FormAction {
    /// Name and deadline as they were entered.
    Send {
        name: String,
        deadline: String,
    },
    /// End the request stream.
    Finish,
    Cancel,
}

/// The form of a call: name, deadline, and buttons.
#[component]
pub(crate) fn NameForm(
    call: CallType,
    name_error: Memo<Option<String>>,
    deadline_error: ReadSignal<bool>,
    /// Whether the call is in progress.
    is_active: Memo<bool>,
    /// Whether more names can be sent in the current call.
    is_open: Memo<bool>,
    /// Returns whether to clear the name field for the next name.
    on_action: Callback<FormAction, bool>,
) -> impl IntoView {
    let [name, deadline] = [(); 2].map(|()| NodeRef::<Input>::new());
    let value = move |field: NodeRef<Input>| {
        let input = field.get_untracked();
        input.map(|input| input.value()).unwrap_or_default()
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let send = FormAction::Send {
            name: value(name),
            deadline: value(deadline),
        };
        if on_action.run(send)
            && let Some(input) = name.get_untracked()
        {
            input.set_value("");
        }
    };
    view! {
        <form class="name-form surface" on:submit=submit novalidate>
            <label class="name-form__label" for="name">
                "Name"
            </label>
            <div class="name-form__row">
                <input
                    class="input"
                    id="name"
                    name="name"
                    type="text"
                    dir="auto"
                    autocomplete="name"
                    autocapitalize="words"
                    spellcheck="false"
                    aria-invalid=reactive(move || if_true(name_error.with(Option::is_some)))
                    aria-describedby="name-error"
                    node_ref=name
                />
                <button
                    class="button button--primary"
                    type="submit"
                    aria-busy=reactive(move || if_true(is_active.get() && !is_open.get()))
                >
                    {call.info().send_label}
                </button>
            </div>
            <p class="name-form__error" id="name-error" role="alert">
                {reactive(move || name_error.get().unwrap_or_default())}
            </p>
            {view_slot(view! {
                <CallOptions call deadline deadline_error is_active is_open on_action />
            })}
        </form>
    }
}

/// The deadline, and buttons to end the call.
#[component]
fn CallOptions(
    call: CallType,
    deadline: NodeRef<Input>,
    deadline_error: ReadSignal<bool>,
    is_active: Memo<bool>,
    is_open: Memo<bool>,
    on_action: Callback<FormAction, bool>,
) -> impl IntoView {
    let CallInfo {
        finish_label,
        deadline_hint,
        ..
    } = call.info();
    let finish = finish_label.map(|label| {
        view! { <ActionButton label enabled=is_open action=FormAction::Finish on_action /> }
    });
    view! {
        <div class="name-form__row name-form__options">
            <label class="name-form__small" for="deadline">
                "Deadline in seconds"
            </label>
            <input
                class="input name-form__deadline"
                id="deadline"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                aria-invalid=reactive(move || if_true(deadline_error.get()))
                aria-describedby="deadline-hint deadline-error"
                node_ref=deadline
            />
            <span class="name-form__small name-form__hint" id="deadline-hint">
                {*deadline_hint}
            </span>
            {view_slot(finish)}
            <ActionButton
                label="Cancel call"
                enabled=is_active
                action=FormAction::Cancel
                on_action
            />
        </div>
        <p class="name-form__error" id="deadline-error" role="alert">
            {reactive(move || if deadline_error.get() { DEADLINE_ERROR } else { "" })}
        </p>
    }
}

/// Stays in the page while it is disabled, so that it keeps the focus.
#[component]
fn ActionButton(
    label: &'static str,
    enabled: Memo<bool>,
    action: FormAction,
    on_action: Callback<FormAction, bool>,
) -> impl IntoView {
    let click = move |_| {
        if enabled.get_untracked() {
            on_action.run(action.clone());
        }
    };
    view! {
        <button
            class="button"
            type="button"
            aria-disabled=reactive(move || if_true(!enabled.get()))
            on:click=click
        >
            {label}
        </button>
    }
}

/// The value of a boolean ARIA attribute; absent if false.
fn if_true(value: bool) -> Option<&'static str> {
    value.then_some("true")
}
