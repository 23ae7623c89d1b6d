//! `/users/7`: one user.

use leptos::prelude::*;

use super::{
    directory::view_cache::ViewCache, latest_response::LatestResponse, reconnect::on_reconnect,
};
use crate::{
    api::{Api, Error},
    components::{
        heading::Heading,
        reactive::reactive,
        states::{ErrorState, LoadingState},
        user_card::{NeighborLinks, UserCard},
        view_slot::{ViewSlot, view_slot},
    },
    state::user::User,
};

type UserResult = Result<User, Error>;

#[component]
pub(crate) fn UserPage(id: i32) -> impl IntoView {
    let api = expect_context::<Api>();
    let cache = expect_context::<ViewCache>();
    let [response, previous, next] = [(); 3].map(|()| LatestResponse::new());
    let known_neighbors = cache.neighbors(id);
    let load_user = move |into: LatestResponse<_>, id: i32| {
        let users = api.users.clone();
        into.load(async move { users.get(id).await });
    };
    let load = Callback::new(move |()| {
        load_user(response, id);
        // If the neighbors are unknown, the users with adjacent numbers are, if they exist.
        if known_neighbors.0.is_none() && id > 1 {
            load_user(previous, id - 1);
        }
        if known_neighbors.1.is_none() && id < i32::MAX {
            load_user(next, id + 1);
        }
    });
    load.run(());
    // A user from the list is shown at once, until the response replaces it.
    let cached = cache.user(id);
    let user = Memo::new(move |_| response.get().or_else(|| cached.clone().map(Ok)));
    on_reconnect(move || {
        if user.with(|user| matches!(user, Some(Err(error)) if error.is_retryable())) {
            load.run(());
        }
    });
    let neighbor = |known: Option<i32>, loaded: LatestResponse<UserResult>| {
        known.or_else(|| loaded.with(|user| Some(user?.as_ref().ok()?.id)))
    };
    let neighbor_links = move || {
        let previous = neighbor(known_neighbors.0, previous);
        let next = neighbor(known_neighbors.1, next);
        match (previous, next) {
            (None, None) => view_slot(()),
            (previous, next) => view_slot(view! { <NeighborLinks previous next /> }),
        }
    };

    view! {
        <p class="back-link">
            <a class="back-link__link" href=cache.current_view().path()>
                "← Directory"
            </a>
        </p>
        <Heading text=move |()| user.with(|user| title(id, user.as_ref())) />
        {reactive(move || content(user.get(), load))}
        {reactive(neighbor_links)}
    }
}

fn title(id: i32, user: Option<&UserResult>) -> String {
    let number = id.to_string();
    match user {
        Some(Ok(user)) => user.name.clone(),
        Some(Err(error)) if error.is_not_found() => String::from("User ") + &number + " not found",
        _ => String::from("User ") + &number,
    }
}

fn content(user: Option<UserResult>, retry: Callback<()>) -> ViewSlot {
    match user {
        None => view_slot(view! { <LoadingState text="Loading…" /> }),
        Some(Ok(user)) => view_slot(view! { <UserCard user /> }),
        // The heading states that there is no such user.
        Some(Err(error)) if error.is_not_found() => view_slot(view! {
            <p class="lead">
                "The number may be mistyped, or the user was deleted. " <a href="/users">"Open the directory"</a>
                "."
            </p>
        }),
        Some(Err(error)) => view_slot(view! { <ErrorState error retry /> }),
    }
}
