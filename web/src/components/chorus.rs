//! The same greeting in many languages.

use leptos::{html::Ul, prelude::*};

use super::{built::built, rows::rows};
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
pub(crate) fn Chorus(lines: ReadSignal<Vec<Line>>) -> impl IntoView {
    let said = move |index: usize| {
        let line = lines.with_untracked(|lines| lines.get(index).cloned());
        built(line.map(|line| view! { <Said line /> }))
    };
    let list = NodeRef::<Ul>::new();
    rows(
        Callback::new(move |()| list.get().map(|list| (*list).clone().into())),
        Callback::new(move |()| 0..lines.with(Vec::len)),
        Callback::new(said),
    );
    view! { <ul class="chorus" aria-label="Greetings in many languages" node_ref=list></ul> }
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
