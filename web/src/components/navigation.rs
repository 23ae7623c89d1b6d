//! The browser's location as a signal, and links that change it without a reload.
//!
//! `leptos_router` would be a tenth of the first visit's bytes, for four routes.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlAnchorElement};

use crate::state::route::Url;

/// The current location; provided as a context.
#[derive(Clone, Copy)]
pub(crate) struct Navigator(RwSignal<Url>);

impl Navigator {
    /// Follows the browser's location and handles clicks on links for as long as the current owner
    /// lives.
    pub(crate) fn install() -> Self {
        let navigator = Self(RwSignal::new(canonical_location()));
        let popstate = window_event_listener(ev::popstate, move |_| navigator.refresh());
        let click = window_event_listener(ev::click, move |event| {
            if let Some(link) = internal_link(&event) {
                event.prevent_default();
                navigator.push(&(link.pathname() + &link.search()));
                if !link.has_attribute("data-noscroll") {
                    window().scroll_to_with_x_and_y(0.0, 0.0);
                }
            }
        });
        on_cleanup(move || {
            popstate.remove();
            click.remove();
        });
        navigator
    }

    /// Reads the location, tracked.
    pub(crate) fn with<T>(self, read: impl FnOnce(&Url) -> T) -> T {
        self.0.with(read)
    }

    /// Navigates to a path and query, with a new history entry.
    pub(crate) fn push(self, path: &str) {
        if self.0.with_untracked(|url| url.path_and_query() == path) {
            return;
        }
        if let Ok(history) = window().history() {
            _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
        }
        self.refresh();
    }

    /// Navigates to a path and query in place of the current history entry.
    pub(crate) fn replace(self, path: &str) {
        replace_location(path);
        self.refresh();
    }

    fn refresh(self) {
        let location = canonical_location();
        if self.0.with_untracked(|url| *url != location) {
            self.0.set(location);
        }
    }
}

fn canonical_location() -> Url {
    let url = location();
    let Some(path) = url.canonical() else {
        return url;
    };
    replace_location(&path);
    location()
}

fn replace_location(path: &str) {
    if let Ok(history) = window().history() {
        _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

fn location() -> Url {
    let location = window().location();
    Url {
        path: location.pathname().unwrap_or_default(),
        query: location.search().unwrap_or_default(),
    }
}

/// The clicked link, if it was a plain click on a link within the page. Links to fragments are left
/// to the browser.
fn internal_link(event: &ev::MouseEvent) -> Option<HtmlAnchorElement> {
    let is_plain_click = event.button() == 0
        && !event.default_prevented()
        && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    let target = event.target().filter(|_| is_plain_click)?;
    let link = target
        .dyn_into::<Element>()
        .ok()?
        .closest("a[href]")
        .ok()??;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let is_internal = link.target().is_empty()
        && link.hash().is_empty()
        && Some(link.origin()) == window().location().origin().ok();
    is_internal.then_some(link)
}
