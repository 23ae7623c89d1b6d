//! The color scheme: an attribute of the document, stored in the browser. A script in `index.html`
//! restores it before the first paint.

use leptos::prelude::*;
use web_sys::Storage;

/// The same key as in `index.html`.
const STORAGE_KEY: &str = "frontdesk.scheme";

#[derive(Clone, Copy, PartialEq, Eq)]
enum ColorScheme {
    System,
    Light,
    Dark,
}

impl ColorScheme {
    const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    fn value(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    fn stored() -> Self {
        let stored = storage().and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten());
        Self::ALL
            .into_iter()
            .find(|scheme| stored.as_deref() == Some(scheme.value()))
            .unwrap_or(Self::System)
    }

    fn apply(self) {
        // Storage can be disabled or full; then the choice lasts until the page is closed.
        if let Some(storage) = storage() {
            _ = match self {
                Self::System => storage.remove_item(STORAGE_KEY),
                scheme => storage.set_item(STORAGE_KEY, scheme.value()),
            };
        }
        if let Some(root) = document().document_element() {
            _ = match self {
                Self::System => root.remove_attribute("data-scheme"),
                scheme => root.set_attribute("data-scheme", scheme.value()),
            };
        }
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

#[component]
pub(crate) fn ColorSchemePicker() -> impl IntoView {
    let current = ColorScheme::stored();
    let options = ColorScheme::ALL.map(|scheme| {
        view! {
            <label class="color-scheme__option">
                <input
                    class="color-scheme__radio"
                    type="radio"
                    name="scheme"
                    value=scheme.value()
                    checked=scheme == current
                    on:change=move |_| scheme.apply()
                />
                <span class="color-scheme__label">{scheme.label()}</span>
            </label>
        }
    });
    view! {
        <fieldset class="color-scheme" role="radiogroup">
            <legend class="color-scheme__legend">"Color scheme"</legend>
            <div class="color-scheme__options">{options}</div>
        </fieldset>
    }
}
