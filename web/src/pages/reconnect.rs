use leptos::prelude::*;

use crate::api::Api;

/// Calls `retry` each time the server becomes reachable again, for as long as the current owner
/// lives.
pub(super) fn on_reconnect(retry: impl Fn() + Send + Sync + 'static) {
    watch(Callback::new(move |()| retry()));
}

/// Separate so that it is compiled once, not for each page.
fn watch(retry: Callback<()>) {
    let recoveries = expect_context::<Api>().health.recoveries();
    Effect::watch(
        move || recoveries.get(),
        move |_, _, _| retry.run(()),
        false,
    );
}
