//! What is said in a call.

use leptos::prelude::*;

use super::{
    feed::{Item, feed},
    live::live,
};
use crate::model::{Call, Kept, Line};

/// What was said, as far as it has come: by the desk and, in a talk, by the person.
#[component]
pub(crate) fn Chorus(call: Call, lines: RwSignal<Kept<Line>>) -> impl IntoView {
    // Who listens is told of each reply, but not of dozens at once.
    let (class, hushed, scrolls) = match call {
        Call::Unary => ("solo", None, None),
        Call::ServerStreaming => ("chorus", Some("off"), None),
        // Beside what is typed, however long it gets.
        Call::ClientStreaming | Call::Bidirectional => ("talk", None, Some("0")),
    };
    let list = feed(
        class,
        Some(call.facts().answers),
        Callback::new(move |()| lines.with(Kept::indices)),
        Callback::new(move |index| lines.with_untracked(|lines| lines.get(index).map(said))),
    );
    view! {
        <div class="said" role="log" aria-label="Replies" aria-live=hushed tabindex=scrolls>
            {list}
        </div>
        <p class="kept">{live(move || lines.with(Kept::words))}</p>
    }
}

fn said(line: &Line) -> Item {
    let mut pieces = Vec::new();
    if line.mine {
        pieces.push(("unseen", "You: ".to_owned()));
    }
    pieces.push(("", line.text.clone()));
    if let Some(tongue) = line.tongue {
        pieces.push(("line__tongue", tongue.endonym.to_owned()));
    }
    Item {
        pieces,
        mine: line.mine,
        tongue: line.tongue.map(|it| it.tag),
    }
}
