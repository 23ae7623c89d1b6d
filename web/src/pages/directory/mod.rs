//! `/users`: the directory, all at once or page by page.

mod everybody;
mod memory;
mod paged;
mod reading;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

pub(crate) use self::memory::Memory;
use self::{everybody::Everybody, paged::Paged};
use crate::{
    components::{Heading, ViewSwitch, live},
    model::address::{Page, USUAL_SIZE, View},
};

/// The directory, as the address asks for it.
#[component]
pub(crate) fn DirectoryPage() -> impl IntoView {
    let query = use_query_map();
    let shown = Memo::new(move |_| {
        query.with(|query| View::parse(query.get_str("page"), query.get_str("page_size")))
    });
    let all = Memo::new(move |_| shown.get() == View::All);
    let page = Memo::new(move |_| match shown.get() {
        View::Page(page) => page,
        View::All => Page {
            number: 1,
            size: USUAL_SIZE,
        },
    });
    view! {
        <div class="directory">
            <div class="directory__top">
                <Heading text=|()| "Directory".to_owned() />
                <ViewSwitch now=shown />
            </div>
            {live(move || {
                if all.get() {
                    view! { <Everybody /> }.into_any()
                } else {
                    view! { <Paged page /> }.into_any()
                }
            })}
        </div>
    }
}
