use leptos::prelude::*;

use crate::components::states::EmptyState;

#[component]
pub(super) fn EmptyDirectory() -> impl IntoView {
    view! { <EmptyState title="No users yet." advice="Users appear here once they are added." /> }
}
