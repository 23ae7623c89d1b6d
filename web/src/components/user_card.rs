use leptos::prelude::*;

use crate::state::{route::user_path, user::User};

#[component]
pub(crate) fn UserCard(user: User) -> impl IntoView {
    view! {
        <dl class="user-card surface">
            <div class="user-card__row">
                <dt class="user-card__term">"Name"</dt>
                <dd class="user-card__value" dir="auto">
                    {user.name}
                </dd>
            </div>
            <div class="user-card__row">
                <dt class="user-card__term">"Email"</dt>
                <dd class="user-card__value">
                    <a href=String::from("mailto:") + &user.email>
                        {user.email.clone()}
                    </a>
                </dd>
            </div>
            <div class="user-card__row">
                <dt class="user-card__term">"Number"</dt>
                <dd class="user-card__value">{user.id}</dd>
            </div>
        </dl>
    }
}

/// Links to the previous and the next user in the directory.
#[component]
pub(crate) fn NeighborLinks(previous: Option<i32>, next: Option<i32>) -> impl IntoView {
    let link = |id: Option<i32>, text: &'static str, rel: &'static str| {
        id.map(|id| {
            view! {
                <a class="button" href=user_path(id) rel=rel>
                    {text}
                </a>
            }
        })
    };
    view! {
        <nav class="link-row" aria-label="Previous and next user">
            {link(previous, "← Previous", "prev")}
            {link(next, "Next →", "next")}
        </nav>
    }
}
