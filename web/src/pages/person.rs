//! `/users/7`: one person.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{Memory, MissingPage};
use crate::{
    api::{Api, Failure},
    components::{Blank, Card, Failed, Heading, Neighbours, Waiting},
    model::{Person, address},
};

/// The person whose id is in the address.
#[component]
pub(crate) fn PersonPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| address::id(params.get_str("id")?)));
    // Made anew for each person: each is a page of its own.
    move || match id.get() {
        Some(id) => view! { <OnePerson id /> }.into_any(),
        None => view! { <MissingPage /> }.into_any(),
    }
}

#[component]
fn OnePerson(id: i32) -> impl IntoView {
    let api = expect_context::<Api>();
    let reading = expect_context::<Memory>().reading;
    let users = api.users.clone();
    let answer = LocalResource::new(move || {
        let users = users.clone();
        async move { users.person(id).await }
    });
    // Who came in with the list is shown at once, and confirmed by the answer.
    let known = reading.person_with(id);
    let person = Memo::new(move |_| match answer.get() {
        None => known.clone().map(Ok),
        Some(answer) => Some(answer),
    });
    let failed = move || person.with(|it| matches!(it, Some(Err(failure)) if failure.may_pass()));
    let returns = api.link.returns();
    Effect::watch(
        move || returns.get(),
        move |_, _, _| {
            if failed() {
                answer.refetch();
            }
        },
        false,
    );
    let exists = Memo::new(move |_| {
        person.with(|it| !matches!(it, Some(Err(failure)) if failure.is_not_found()))
    });
    let (before, after) = reading.around(id);
    let title = Signal::derive(move || person.with(|person| title(id, person.as_ref())));

    view! {
        <p class="back">
            <a class="back__link" href="/users">
                "← Directory"
            </a>
        </p>
        <Heading text=title />
        {move || face(person.get(), Callback::new(move |()| answer.refetch()))}
        <Show when=move || exists.get()>
            <Neighbours before after />
        </Show>
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

fn face(person: Option<Result<Person, Failure>>, retry: Callback<()>) -> AnyView {
    match person {
        None => view! { <Waiting text="Looking them up…" /> }.into_any(),
        Some(Ok(person)) => view! { <Card person /> }.into_any(),
        Some(Err(failure)) if failure.is_not_found() => view! {
            <Blank
                title="There is no such entry."
                advice="It may have been removed, or the number mistyped."
            />
        }
        .into_any(),
        Some(Err(failure)) => view! { <Failed failure retry /> }.into_any(),
    }
}
