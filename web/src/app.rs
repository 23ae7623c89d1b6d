//! The whole page: what everything in it shares.

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast as _;

use crate::{
    api::Api,
    components::{Address, Arrivals, Banner, Footer, Header, built, live},
    model::address::{Room, Url},
    pages::{DirectoryPage, GreetPage, Memory, MissingPage, PersonPage},
};

/// The element of `index.html` that the page lives in.
const PLACE: &str = "desk";

/// Puts the page in the place of the shell that `index.html` painted.
pub fn open() {
    console_error_panic_hook::set_once();
    let place = document()
        .get_element_by_id(PLACE)
        .and_then(|place| place.dyn_into().ok())
        .or_else(|| document().body());
    if let Some(place) = place {
        place.set_inner_html("");
        mount_to(place, App).forget();
    }
}

#[component]
fn App() -> impl IntoView {
    let origin = window().location().origin().unwrap_or_default();
    let api = Api::new(&origin);
    let link = api.link;
    provide_context(Arrivals::new());
    provide_context(Memory::new(&api));
    provide_context(api);
    provide_context(Address::follow());
    view! {
        <Header />
        <Banner gone=link.is_gone() returns=link.returns() />
        <main class="main" id="main" tabindex="-1">
            <Rooms />
        </main>
        <Footer />
    }
}

/// The page that the address asks for.
#[component]
fn Rooms() -> impl IntoView {
    let address = expect_context::<Address>();
    let room = Memo::new(move |_| address.with(Url::room));
    live(move || match room.get() {
        Room::Greet(call) => built(view! { <GreetPage call /> }),
        Room::Directory => built(view! { <DirectoryPage /> }),
        Room::Person(id) => built(view! { <PersonPage id /> }),
        Room::Missing => built(view! { <MissingPage /> }),
    })
}
