//! The page's address as a signal, and links that change it without a reload.
//!
//! Four addresses and a query are less than a router library brings: it would be a tenth of what
//! a first visit loads. Which page an address is, [`crate::model::address`] says.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, HtmlAnchorElement};

use crate::model::address::Url;

/// Where the page is, in a context.
#[derive(Clone, Copy)]
pub(crate) struct Address(RwSignal<Url>);

impl Address {
    /// Follows the browser's address, and the links of this page, for as long as the present
    /// owner lives.
    pub(crate) fn follow() -> Self {
        let address = Self(RwSignal::new(here()));
        let popped = window_event_listener(ev::popstate, move |_| address.read());
        let clicked = window_event_listener(ev::click, move |event| {
            if let Some(link) = own_link(&event) {
                event.prevent_default();
                address.go(&(link.pathname() + &link.search()));
                if !link.has_attribute("data-noscroll") {
                    window().scroll_to_with_x_and_y(0.0, 0.0);
                }
            }
        });
        on_cleanup(move || {
            popped.remove();
            clicked.remove();
        });
        address
    }

    /// The address, tracked.
    pub(crate) fn with<T>(self, read: impl FnOnce(&Url) -> T) -> T {
        self.0.with(read)
    }

    /// Goes to `path`, a query included. The way back leads here.
    pub(crate) fn go(self, path: &str) {
        if self.0.with_untracked(|url| url.text() == path) {
            return;
        }
        if let Ok(history) = window().history() {
            _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
        }
        self.read();
    }

    /// Goes to `path` instead of to where the page is: the way back does not lead here.
    pub(crate) fn correct(self, path: &str) {
        replace(path);
        self.read();
    }

    fn read(self) {
        let here = here();
        if self.0.with_untracked(|url| *url != here) {
            self.0.set(here);
        }
    }
}

/// The browser's address, which is corrected where it is an odd one.
fn here() -> Url {
    let url = shown();
    let Some(path) = url.corrected() else {
        return url;
    };
    replace(&path);
    shown()
}

fn replace(path: &str) {
    if let Ok(history) = window().history() {
        _ = history.replace_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

fn shown() -> Url {
    let location = window().location();
    Url {
        path: location.pathname().unwrap_or_default(),
        query: location.search().unwrap_or_default(),
    }
}

/// The link that was clicked, where the page is to follow it by itself: a plain click on a link
/// of its own, to be opened here. To a place within a page the browser goes.
fn own_link(event: &ev::MouseEvent) -> Option<HtmlAnchorElement> {
    let is_plain = event.button() == 0
        && !event.default_prevented()
        && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    let target = event.target().filter(|_| is_plain)?;
    let link = target
        .dyn_into::<Element>()
        .ok()?
        .closest("a[href]")
        .ok()??;
    let link = link.dyn_into::<HtmlAnchorElement>().ok()?;
    let is_own = link.target().is_empty()
        && link.hash().is_empty()
        && Some(link.origin()) == window().location().origin().ok();
    is_own.then_some(link)
}
