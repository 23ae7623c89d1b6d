//! The directory as one list, shown while it arrives.

use leptos::prelude::*;

use super::{
    super::reconnect::on_reconnect, empty_directory::EmptyDirectory, user_stream::UserStream,
    view_cache::ViewCache,
};
use crate::{
    components::{
        announcement::Announcement,
        list_progress::{ListAction, ListProgress},
        reactive::reactive,
        states::{ErrorState, LoadingState},
        user_grid::{UserGrid, source::RowSource},
        view_slot::view_slot,
    },
    state::{list_view::ListView, progress::Phase},
};

#[component]
pub(super) fn AllUsers() -> impl IntoView {
    let cache = expect_context::<ViewCache>();
    let stream = cache.stream;
    stream.resume();
    on_cleanup(move || stream.pause());

    on_reconnect(move || {
        let phase = stream.phase().get_untracked();
        if matches!(phase, Phase::Failed(error) if error.is_retryable()) {
            stream.reload();
        }
    });
    let act = move |action| match action {
        ListAction::Stop => stream.stop(),
        ListAction::Reload => stream.reload(),
    };

    view! {
        <ListProgress phase=stream.phase() count=stream.count() on_action=act />
        <Announcement text=move |()| stream.announcement().get() />
        <StreamError stream />
        <Rows cache />
    }
}

/// Shown above the users that arrived before the error.
#[component]
fn StreamError(stream: UserStream) -> impl IntoView {
    reactive(move || match stream.phase().get() {
        Phase::Failed(error) => {
            view_slot(view! { <ErrorState error retry=move |()| stream.reload() /> })
        }
        _ => view_slot(()),
    })
}

#[component]
fn Rows(cache: ViewCache) -> impl IntoView {
    let stream = cache.stream;
    // Memoized so that the grid is not rebuilt with each batch.
    let content = Memo::new(move |_| Content::of(stream.rows().get(), &stream.phase().get()));
    let source = RowSource {
        rows: stream.rows(),
        version: stream.version(),
        user: Callback::new(move |index| stream.user(index)),
        offset: 0,
        total: Callback::new(move |()| stream.count().get().total),
    };
    reactive(move || match content.get() {
        Content::Grid => {
            let initial = cache.position(ListView::All);
            let on_move = move |position| cache.store_position(ListView::All, position);
            view_slot(view! { <UserGrid source initial on_move /> })
        }
        Content::Loading => view_slot(view! { <LoadingState text="Loading the directory…" /> }),
        Content::Empty => view_slot(view! { <EmptyDirectory /> }),
        Content::None => view_slot(()),
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    Grid,
    Loading,
    Empty,
    /// The reason is shown above.
    None,
}

impl Content {
    fn of(rows: usize, phase: &Phase) -> Self {
        match phase {
            _ if rows > 0 => Self::Grid,
            Phase::Failed(_) | Phase::Stopped => Self::None,
            Phase::Complete => Self::Empty,
            Phase::Connecting | Phase::Receiving | Phase::Paused => Self::Loading,
        }
    }
}
