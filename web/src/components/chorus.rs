//! The same greeting in many languages.

use leptos::prelude::*;

use crate::model::tongue::Tongue;

/// One greeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// The greeting.
    pub(crate) text: String,
    /// Its language, where it is known.
    pub(crate) tongue: Option<Tongue>,
}

/// Greetings, as many as have come in.
#[component]
pub(crate) fn Chorus(lines: Signal<Vec<Line>>) -> impl IntoView {
    view! {
        <ul class="chorus" aria-label="Greetings in many languages">
            <For
                each=move || lines.get().into_iter().enumerate()
                key=|(index, line)| (*index, line.text.clone())
                children=|(_, line)| view! { <Said line /> }
            />
        </ul>
    }
}

#[component]
fn Said(line: Line) -> impl IntoView {
    let tag = line.tongue.map(|tongue| tongue.tag);
    let endonym = line
        .tongue
        .map(|it| view! { <span class="chorus__tongue">{it.endonym}</span> });
    view! {
        <li class="chorus__line" lang=tag dir="auto">
            <span class="chorus__text">{line.text}</span>
            {endonym}
        </li>
    }
}
