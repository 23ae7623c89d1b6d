//! `/users/7`: one person.

use leptos::prelude::*;

use super::{Memory, answer::Answer, back::when_back};
use crate::{
    api::{Api, Failure},
    components::{Built, Card, Failed, Heading, Neighbours, Waiting, built, live},
    model::Person,
};

/// The person with this id.
#[component]
pub(crate) fn PersonPage(id: i32) -> impl IntoView {
    let api = expect_context::<Api>();
    let memory = expect_context::<Memory>();
    let [answer, before, after] = [(); 3].map(|()| Answer::new());
    let around = memory.around(id);
    let look = move |answer: Answer<_>, id: i32| {
        let users = api.users.clone();
        answer.ask(async move { users.person(id).await });
    };
    let ask = Callback::new(move |()| {
        look(answer, id);
        // Who comes before and after, where it is not known, is whoever has the number beside. A
        // way to nobody would be none.
        if around.0.is_none() && id > 1 {
            look(before, id - 1);
        }
        if around.1.is_none() && id < i32::MAX {
            look(after, id + 1);
        }
    });
    ask.run(());
    // Who came in with the list is shown at once, and confirmed by the answer.
    let known = memory.person(id);
    let person = Memo::new(move |_| answer.get().or_else(|| known.clone().map(Ok)));
    let fails = move |with: fn(&Failure) -> bool| {
        person.with(|it| matches!(it, Some(Err(failure)) if with(failure)))
    };
    when_back(move || {
        if fails(Failure::may_pass) {
            ask.run(());
        }
    });
    let title = move |()| person.with(|person| title(id, person.as_ref()));
    let side = |known: Option<i32>, found: Answer<Result<Person, Failure>>| {
        known.or_else(|| found.with(|it| Some(it?.as_ref().ok()?.id)))
    };
    let neighbours = move || match (side(around.0, before), side(around.1, after)) {
        (None, None) => built(()),
        (before, after) => built(view! { <Neighbours before after /> }),
    };

    view! {
        <p class="back">
            <a class="back__link" href=memory.view().path()>
                "← Directory"
            </a>
        </p>
        <Heading text=title />
        {live(move || face(person.get(), ask))}
        {live(neighbours)}
    }
}

fn title(id: i32, person: Option<&Result<Person, Failure>>) -> String {
    let number = id.to_string();
    match person {
        Some(Ok(person)) => person.name.clone(),
        Some(Err(failure)) if failure.is_not_found() => {
            String::from("Nobody has number ") + &number
        }
        _ => String::from("Person ") + &number,
    }
}

fn face(person: Option<Result<Person, Failure>>, retry: Callback<()>) -> Built {
    match person {
        None => built(view! { <Waiting text="Looking them up…" /> }),
        Some(Ok(person)) => built(view! { <Card person /> }),
        // That nobody is there, the heading says.
        Some(Err(failure)) if failure.is_not_found() => built(view! {
            <p class="lead">
                "The number may have been mistyped, or the person be gone. "
                <a href="/users">"Look in the directory"</a> "."
            </p>
        }),
        Some(Err(failure)) => built(view! { <Failed failure retry /> }),
    }
}
