//! The heading of a page: names the tab and takes the focus when the page was come to.

use leptos::{html::H1, prelude::*};
use web_sys::FocusOptions;

use super::live::live;

/// Counts the pages that were come to in this visit, in a context.
#[derive(Clone, Copy)]
pub(crate) struct Arrivals(StoredValue<u32>);

impl Arrivals {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// Whether this is the first: there the browser has put the focus where it belongs.
    fn is_first(self) -> bool {
        self.0
            .try_update_value(|count| {
                *count += 1;
                *count == 1
            })
            .unwrap_or(true)
    }
}

/// A page's `h1`.
#[component]
pub(crate) fn Heading(
    /// What the page is called, in its heading and in the tab.
    #[prop(into)]
    text: Callback<(), String>,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    let first = use_context::<Arrivals>().is_none_or(Arrivals::is_first);

    Effect::new(move || {
        document().set_title(&(text.run(()) + " · Frontdesk"));
    });
    Effect::new(move || {
        if let Some(heading) = heading.get().filter(|_| !first) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            _ = heading.focus_with_options(&options);
        }
    });

    view! {
        <h1 class="heading" tabindex="-1" dir="auto" node_ref=heading>
            {live(move || text.run(()))}
        </h1>
    }
}
