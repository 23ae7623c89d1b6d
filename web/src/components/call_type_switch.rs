use leptos::prelude::*;

use crate::state::call_type::CallType;

#[component]
pub(crate) fn CallTypeSwitch(current: CallType) -> impl IntoView {
    let link = move |call: CallType| {
        view! {
            <a
                class="link-switch__link"
                href=call.path()
                aria-current=(current == call).then_some("page")
                data-noscroll
            >
                {call.info().title}
            </a>
        }
    };
    view! {
        <nav class="link-switch call-type-switch" aria-label="Call types">
            {CallType::ALL.map(link).to_vec()}
        </nav>
    }
}
