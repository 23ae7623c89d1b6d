//! What is said in a call.

use leptos::{html::Ul, prelude::*};

use super::{built::built, live::live, rows::rows};
use crate::model::{Call, Kept, Line};

/// What was said, as far as it has come: by the desk and, in a talk, by the person.
#[component]
pub(crate) fn Chorus(call: Call, lines: RwSignal<Kept<Line>>) -> impl IntoView {
    let said = move |index: usize| {
        let line = lines.with_untracked(|lines| lines.get(index).cloned());
        built(line.map(|line| view! { <Said line /> }))
    };
    let list = NodeRef::<Ul>::new();
    rows(
        Callback::new(move |()| list.get().map(|list| (*list).clone().into())),
        Callback::new(move |()| lines.with(Kept::indices)),
        Callback::new(said),
    );
    // Who listens is told of each reply, but not of dozens at once.
    let (class, hushed) = match call {
        Call::Unary => ("solo", None),
        Call::ServerStreaming => ("chorus", Some("off")),
        Call::ClientStreaming | Call::Bidirectional => ("talk", None),
    };
    view! {
        <div class="said" role="log" aria-label="Replies" aria-live=hushed>
            <ul class=class aria-label=call.facts().answers node_ref=list></ul>
        </div>
        <p class="kept">{live(move || lines.with(Kept::words))}</p>
    }
}

#[component]
fn Said(line: Line) -> impl IntoView {
    let Line { text, mine, tongue } = line;
    let endonym = tongue.map(|tongue| view! { <span class="line__tongue">{tongue.endonym}</span> });
    // What one has just typed need not be read out.
    let (who, hushed) = if mine {
        ("You: ", Some("off"))
    } else {
        ("", None)
    };
    view! {
        <li class="line" data-mine=hushed aria-live=hushed lang=tongue.map(|it| it.tag) dir="auto">
            <span class="unseen">{who}</span>
            <span class="line__text">{text}</span>
            {endonym}
        </li>
    }
}
