//! What stands around every page. `index.html` paints the same before the page's code is there.

use leptos::prelude::*;

use super::{address::Address, live::live, scheme::Schemes};
use crate::model::address::Url;

/// The house's name and the ways through it.
#[component]
pub(crate) fn Header() -> impl IntoView {
    view! {
        <a class="skip" href="#main">
            "Skip to the page"
        </a>
        <header class="header">
            <div class="header__inner">
                <a class="brand" href="/">
                    "Frontdesk"
                </a>
                <nav class="nav" aria-label="Main">
                    <NavLink href="/" text="Greet" />
                    <NavLink href="/users" text="Directory" />
                </nav>
            </div>
        </header>
    }
}

#[component]
fn NavLink(href: &'static str, text: &'static str) -> impl IntoView {
    let address = expect_context::<Address>();
    let current = move || {
        address.with(|Url { path, .. }| {
            if path == href {
                Some("page")
            } else if href != "/"
                && path
                    .strip_prefix(href)
                    .is_some_and(|it| it.starts_with('/'))
            {
                // A page below this one.
                Some("true")
            } else {
                None
            }
        })
    };
    view! {
        <a class="nav__link" href=href aria-current=live(current)>
            {text}
        </a>
    }
}

/// What belongs to no page: how it all looks.
#[component]
pub(crate) fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <div class="footer__inner">
                <p class="footer__word">"gRPC, from the desk to your browser."</p>
                <Schemes />
            </div>
        </footer>
    }
}
