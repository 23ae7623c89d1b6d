//! One person, in full.

use leptos::prelude::*;

use crate::model::{Person, address::person_path};

/// What the directory knows about somebody.
#[component]
pub(crate) fn Card(person: Person) -> impl IntoView {
    view! {
        <dl class="card sheet">
            <div class="card__row">
                <dt class="card__term">"Name"</dt>
                <dd class="card__value" dir="auto">
                    {person.name}
                </dd>
            </div>
            <div class="card__row">
                <dt class="card__term">"Email"</dt>
                <dd class="card__value">
                    <a href=String::from("mailto:") + &person.email>
                        {person.email.clone()}
                    </a>
                </dd>
            </div>
            <div class="card__row">
                <dt class="card__term">"Number"</dt>
                <dd class="card__value">{person.id}</dd>
            </div>
        </dl>
    }
}

/// The ways from one person to those before and after.
#[component]
pub(crate) fn Neighbours(before: Option<i32>, after: Option<i32>) -> impl IntoView {
    let link = |id: Option<i32>, text: &'static str, rel: &'static str| {
        id.map(|id| {
            view! {
                <a class="button" href=person_path(id) rel=rel>
                    {text}
                </a>
            }
        })
    };
    view! {
        <nav class="ways" aria-label="People before and after">
            {link(before, "← Previous", "prev")}
            {link(after, "Next →", "next")}
        </nav>
    }
}
