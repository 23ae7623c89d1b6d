//! Header and footer. `index.html` contains the same header, shown while the page loads.

use leptos::prelude::*;

use super::{color_scheme::ColorSchemePicker, navigation::Navigator, reactive::reactive};
use crate::state::route::Url;

#[component]
pub(crate) fn Header() -> impl IntoView {
    view! {
        <a class="skip-link" href="#main">
            "Skip to content"
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
    let navigator = expect_context::<Navigator>();
    let current = move || {
        navigator.with(|Url { path, .. }| {
            if path == href {
                Some("page")
            } else if href != "/"
                && path
                    .strip_prefix(href)
                    .is_some_and(|it| it.starts_with('/'))
            {
                Some("true")
            } else {
                None
            }
        })
    };
    view! {
        <a class="nav__link" href=href aria-current=reactive(current)>
            {text}
        </a>
    }
}

#[component]
pub(crate) fn Footer() -> impl IntoView {
    view! {
        <footer class="footer">
            <div class="footer__inner">
                <p class="footer__text">"gRPC all the way to your browser."</p>
                <ColorSchemePicker />
            </div>
        </footer>
    }
}
