//! The directory as pages. Page and page size are in the URL.

use leptos::prelude::*;

use super::{
    super::{latest_response::LatestResponse, reconnect::on_reconnect},
    empty_directory::EmptyDirectory,
    loaded_page::LoadedPage,
    view_cache::ViewCache,
};
use crate::{
    api::Api,
    components::{
        announcement::Announcement,
        navigation::Navigator,
        pager::Pager,
        reactive::reactive,
        states::{ErrorState, LoadingState},
        user_grid::{UserGrid, source::RowSource},
        view_slot::view_slot,
    },
    state::{
        format::{group_digits, user_count},
        list_view::{ListView, Page},
    },
};

#[component]
pub(super) fn PagedUsers(page: Memo<Page>) -> impl IntoView {
    let cache = expect_context::<ViewCache>();
    let users = expect_context::<Api>().users;
    let navigator = expect_context::<Navigator>();
    let response = LatestResponse::new();
    let load = Callback::new(move |page: Page| {
        let users = users.clone();
        response.load(async move {
            let loaded = LoadedPage::load(users, page).await;
            if let Ok(loaded) = &loaded {
                match loaded.replacement() {
                    None => _ = cache.page.try_set_value(Some(loaded.clone())),
                    Some(last) => navigator.replace(&last.path()),
                }
            }
            (page, loaded)
        });
    });
    Effect::new(move || load.run(page.get()));
    let reload = Callback::new(move |()| load.run(page.get_untracked()));
    let error = Memo::new(move |_| match response.get() {
        Some((of, Err(error))) if of == page.get() => Some(error),
        _ => None,
    });
    // The previous page stays until the new one has arrived; initially the cached one is shown.
    let shown = Memo::new(move |_| {
        response
            .get()
            .and_then(|(_, loaded)| loaded.ok())
            .filter(|loaded| loaded.replacement().is_none())
            .or_else(|| cache.page.get_value())
    });
    on_reconnect(move || {
        if error
            .get_untracked()
            .is_some_and(|error| error.is_retryable())
        {
            reload.run(());
        }
    });

    view! {
        <Pager
            page
            total=move |()| shown.get()?.total
            on_navigate=move |path: String| navigator.push(&path)
        />
        <Announcement text=move |()| {
            let announcement = shown.with(|shown| announcement(shown.as_ref()?, page.get()));
            announcement.unwrap_or_default()
        } />
        {reactive(move || match error.get() {
            Some(error) => view_slot(view! { <ErrorState error retry=reload /> }),
            None => view_slot(()),
        })}
        {reactive(move || match shown.get() {
            Some(loaded) => view_slot(view! { <PageGrid loaded cache page /> }),
            None if error.get().is_some() => view_slot(()),
            None => view_slot(view! { <LoadingState text="Loading the page…" /> }),
        })}
    }
}

/// `Page 2: 50 users.`, once `page` is the one shown.
fn announcement(shown: &LoadedPage, page: Page) -> Option<String> {
    if shown.page != page {
        return None;
    }
    let number = group_digits(page.number.into());
    Some(String::from("Page ") + &number + ": " + &user_count(shown.users.len() as u64) + ".")
}

#[component]
fn PageGrid(loaded: LoadedPage, cache: ViewCache, page: Memo<Page>) -> impl IntoView {
    let shown = loaded.page;
    let users = StoredValue::new(loaded.users);
    let rows = users.with_value(|users| users.len());
    if rows == 0 {
        return view_slot(view! { <EmptyDirectory /> });
    }
    let source = RowSource {
        rows: RwSignal::new(rows).read_only(),
        version: RwSignal::new(0).read_only(),
        user: Callback::new(move |index| users.with_value(|users| users.get(index))),
        offset: shown.offset(),
        total: Callback::new(move |()| loaded.total),
    };
    let view = ListView::Page(shown);
    let initial = cache.position(view);
    let on_move = move |position| cache.store_position(view, position);
    let stale = move || (page.get() != shown).then_some("");
    view_slot(view! {
        <div class="directory__page" data-stale=reactive(stale)>
            <UserGrid source initial on_move />
        </div>
    })
}
