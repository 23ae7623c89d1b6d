use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast as _;

use crate::{
    api::Api,
    components::{
        banner::Banner,
        heading::PageViews,
        navigation::Navigator,
        reactive::reactive,
        shell::{Footer, Header},
        view_slot::view_slot,
    },
    pages::{
        directory::{DirectoryPage, view_cache::ViewCache},
        greet::GreetPage,
        not_found::NotFoundPage,
        user::UserPage,
    },
    state::route::{Route, Url},
};

/// The id of the element in `index.html` that contains the page.
const ROOT_ID: &str = "app";

/// Replaces the placeholder in `index.html` by the page.
pub fn mount() {
    console_error_panic_hook::set_once();
    let root = document()
        .get_element_by_id(ROOT_ID)
        .and_then(|root| root.dyn_into().ok())
        .or_else(|| document().body());
    if let Some(root) = root {
        root.set_inner_html("");
        mount_to(root, App).forget();
    }
}

#[component]
fn App() -> impl IntoView {
    let origin = window().location().origin().unwrap_or_default();
    let api = Api::new(&origin);
    let health = api.health;
    provide_context(PageViews::new());
    provide_context(ViewCache::new(&api));
    provide_context(api);
    provide_context(Navigator::install());
    view! {
        <Header />
        <Banner is_unreachable=health.is_unreachable() recoveries=health.recoveries() />
        <main class="main" id="main" tabindex="-1">
            <Routes />
        </main>
        <Footer />
    }
}

#[component]
fn Routes() -> impl IntoView {
    let navigator = expect_context::<Navigator>();
    let route = Memo::new(move |_| navigator.with(Url::route));
    reactive(move || match route.get() {
        Route::Greet(call) => view_slot(view! { <GreetPage call /> }),
        Route::Directory => view_slot(view! { <DirectoryPage /> }),
        Route::User(id) => view_slot(view! { <UserPage id /> }),
        Route::NotFound => view_slot(view! { <NotFoundPage /> }),
    })
}
