//! What failed for want of the server is tried again once it is back.

use leptos::prelude::*;

use crate::api::Api;

/// Calls `retry` each time that the server has come back, for as long as the present owner lives.
pub(super) fn when_back(retry: impl Fn() + Send + Sync + 'static) {
    follow(Callback::new(move |()| retry()));
}

/// Apart from the above so that it is compiled once, and not once for each page.
fn follow(retry: Callback<()>) {
    let returns = expect_context::<Api>().link.returns();
    Effect::watch(move || returns.get(), move |_, _, _| retry.run(()), false);
}
