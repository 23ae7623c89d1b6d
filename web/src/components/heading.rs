use leptos::{html::H1, prelude::*};
use web_sys::FocusOptions;

use super::reactive::reactive;

/// Counts the pages shown in this visit; provided as a context.
#[derive(Clone, Copy)]
pub(crate) struct PageViews(StoredValue<u32>);

impl PageViews {
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// Counts a page, and returns whether it is the first, on which the browser has set the focus.
    fn is_first(self) -> bool {
        self.0
            .try_update_value(|count| {
                *count += 1;
                *count == 1
            })
            .unwrap_or(true)
    }
}

/// The `h1` of a page. Sets the document title, and takes the focus after a navigation.
#[component]
pub(crate) fn Heading(#[prop(into)] text: Callback<(), String>) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    let is_first = use_context::<PageViews>().is_none_or(PageViews::is_first);

    Effect::new(move || {
        document().set_title(&(text.run(()) + " · Frontdesk"));
    });
    Effect::new(move || {
        if let Some(heading) = heading.get().filter(|_| !is_first) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            _ = heading.focus_with_options(&options);
        }
    });

    view! {
        <h1 class="heading" tabindex="-1" dir="auto" node_ref=heading>
            {reactive(move || text.run(()))}
        </h1>
    }
}
