use std::time::Duration;

use leptos::prelude::*;

use super::reactive::reactive;

/// How long `Connected again.` is shown.
const RECOVERY_NOTICE: Duration = Duration::from_secs(4);

/// Reports that the server is unavailable, and briefly that it is available again.
#[component]
pub(crate) fn Banner(
    is_unreachable: ReadSignal<bool>,
    /// How often the server became reachable again.
    recoveries: ReadSignal<u32>,
) -> impl IntoView {
    let dismissed = RwSignal::new(0_u32);
    Effect::watch(
        move || recoveries.get(),
        move |recoveries, _, _| {
            let recoveries = *recoveries;
            set_timeout(
                move || {
                    dismissed.try_set(recoveries);
                },
                RECOVERY_NOTICE,
            );
        },
        false,
    );
    let state = move || {
        if is_unreachable.get() {
            "unreachable"
        } else if recoveries.get() > dismissed.get() {
            "recovered"
        } else {
            "connected"
        }
    };
    let text = move || match state() {
        "unreachable" => "Server unavailable. Reconnecting…",
        "recovered" => "Connected again.",
        _ => "",
    };
    view! {
        <div class="banner" role="status" data-state=reactive(state)>
            <p class="banner__text">{reactive(text)}</p>
        </div>
    }
}
