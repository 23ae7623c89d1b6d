//! The switch between the colour schemes.
//!
//! The choice is an attribute of the document and an entry in the browser's storage; a script in
//! `index.html` reads it back before anything is painted.

use leptos::prelude::*;
use web_sys::Storage;

/// The same key as in `index.html`.
const KEY: &str = "frontdesk.scheme";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    System,
    Light,
    Dark,
}

impl Scheme {
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

    fn remembered() -> Self {
        let remembered = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self::ALL
            .into_iter()
            .find(|scheme| remembered.as_deref() == Some(scheme.value()))
            .unwrap_or(Self::System)
    }

    fn choose(self) {
        // Storage may be forbidden or full: then the choice lasts as long as the page.
        if let Some(storage) = storage() {
            _ = match self {
                Self::System => storage.remove_item(KEY),
                chosen => storage.set_item(KEY, chosen.value()),
            };
        }
        if let Some(root) = document().document_element() {
            _ = match self {
                Self::System => root.remove_attribute("data-scheme"),
                chosen => root.set_attribute("data-scheme", chosen.value()),
            };
        }
    }
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// System, light or dark.
#[component]
pub(crate) fn Schemes() -> impl IntoView {
    let now = Scheme::remembered();
    let options = Scheme::ALL.map(|scheme| {
        view! {
            <label class="schemes__option">
                <input
                    class="schemes__radio"
                    type="radio"
                    name="scheme"
                    value=scheme.value()
                    checked=scheme == now
                    on:change=move |_| scheme.choose()
                />
                <span class="schemes__label">{scheme.label()}</span>
            </label>
        }
    });
    view! {
        <fieldset class="schemes" role="radiogroup">
            <legend class="schemes__legend">"Colour scheme"</legend>
            <div class="schemes__options">{options}</div>
        </fieldset>
    }
}
