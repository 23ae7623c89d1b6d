use leptos::prelude::*;

use crate::components::states::EmptyState;

#[component]
pub(super) fn EmptyDirectory() -> impl IntoView {
    view! { <EmptyState title="No people yet." advice="People appear here once they are added." /> }
}
