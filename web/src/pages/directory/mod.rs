//! `/users`: the directory, as one list or as pages.

mod all_users;
mod empty_directory;
mod loaded_page;
mod paged_users;
mod user_stream;
pub(crate) mod view_cache;

use leptos::prelude::*;

use self::{all_users::AllUsers, paged_users::PagedUsers};
use crate::{
    components::{
        heading::Heading, navigation::Navigator, pager::ViewSwitch, reactive::reactive,
        view_slot::view_slot,
    },
    state::{
        list_view::{DEFAULT_PAGE_SIZE, ListView, Page},
        route::Route,
    },
};

#[component]
pub(crate) fn DirectoryPage() -> impl IntoView {
    let navigator = expect_context::<Navigator>();
    let view = Memo::new(move |previous: Option<&ListView>| {
        navigator.with(|url| match url.route() {
            Route::Directory => url.list_view(),
            // The page is being left: do not load anything.
            _ => previous.copied().unwrap_or(ListView::All),
        })
    });
    let is_all = Memo::new(move |_| view.get() == ListView::All);
    let page = Memo::new(move |_| match view.get() {
        ListView::Page(page) => page,
        ListView::All => Page {
            number: 1,
            size: DEFAULT_PAGE_SIZE,
        },
    });
    view! {
        <div class="directory">
            <div class="directory__header">
                <Heading text=|()| "Directory".to_owned() />
                <ViewSwitch view />
            </div>
            {reactive(move || {
                if is_all.get() {
                    view_slot(view! { <AllUsers /> })
                } else {
                    view_slot(view! { <PagedUsers page /> })
                }
            })}
        </div>
    }
}
