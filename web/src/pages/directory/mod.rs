//! `/users`: the directory, all at once or page by page.

mod everybody;
mod memory;
mod nobody;
mod paged;
mod reading;

use leptos::prelude::*;

pub(crate) use self::memory::Memory;
use self::{everybody::Everybody, paged::Paged};
use crate::{
    components::{Address, Heading, ViewSwitch, built, live},
    model::address::{Page, Room, USUAL_SIZE, View},
};

/// The directory, as the address asks for it.
#[component]
pub(crate) fn DirectoryPage() -> impl IntoView {
    let address = expect_context::<Address>();
    let shown = Memo::new(move |before: Option<&View>| {
        address.with(|url| match url.room() {
            Room::Directory => url.view(),
            // On the way out: nothing is to be read any more.
            _ => before.copied().unwrap_or(View::All),
        })
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
                    built(view! { <Everybody /> })
                } else {
                    built(view! { <Paged page /> })
                }
            })}
        </div>
    }
}
