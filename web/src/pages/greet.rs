//! `/`: greets whoever types a name, and greets them again in many languages.

use leptos::prelude::*;

use super::{answer::Answer, back::when_back, run::Run};
use crate::{
    api::{Api, Failure, Greetings},
    components::{Chorus, Failed, Heading, Line, NameField, Waiting, built, live},
    model::{tongue, words},
};

/// The field of the request that a name goes into.
const FIELD: &str = "name";

/// Greets.
#[component]
pub(crate) fn GreetPage() -> impl IntoView {
    let api = expect_context::<Api>();
    let singing = Singing::new(api.clone());
    let name = StoredValue::new(None::<String>);
    let answer = Answer::new();
    let greet = move |wish: String| {
        name.set_value(Some(wish.clone()));
        singing.start(wish.clone());
        let greeter = api.greeter.clone();
        answer.ask_anew(async move { greeter.hello(wish).await });
    };
    let greet = Callback::new(greet);
    let again = Callback::new(move |()| {
        if let Some(name) = name.get_value() {
            greet.run(name);
        }
    });
    let asked = move || name.with_value(Option::is_some);
    let busy = Memo::new(move |_| answer.with(|it| it.is_none()) && asked());
    let failure = move || answer.get().and_then(Result::err);
    let fault = Memo::new(move |_| {
        let failure = failure()?;
        failure.fault_with(FIELD).map(words::sentence)
    });
    when_back(move || {
        let failed = untrack(failure).or_else(|| singing.failure.get_untracked());
        if failed.is_some_and(|failure| failure.may_pass()) {
            again.run(());
        }
    });

    let greeted = Memo::new(move |_| answer.with(|it| matches!(it, Some(Ok(_)))));
    let song = move || built(greeted.get().then(|| view! { <Song singing again /> }));

    view! {
        <Heading text=|()| "Greet somebody".to_owned() />
        <p class="lead">"Type a name. The desk says hello, in one language and in many."</p>
        <NameField fault busy on_name=greet />
        <Reply answer busy fault again />
        {live(song)}
    }
}

/// The greeting, or why there is none. What is wrong with the name is said at the field.
#[component]
fn Reply(
    answer: Answer<Result<String, Failure>>,
    busy: Memo<bool>,
    fault: Memo<Option<String>>,
    again: Callback<()>,
) -> impl IntoView {
    let face = move || match answer.get() {
        None if busy.get() => built(view! { <Waiting text="Asking the desk…" /> }),
        None => built(()),
        Some(Ok(text)) => built(view! {
            <p class="greeting" dir="auto">
                {text}
            </p>
        }),
        Some(_) if fault.get().is_some() => built(()),
        Some(Err(failure)) => built(view! { <Failed failure retry=again /> }),
    };
    view! {
        <div class="answer" aria-live="polite">
            {live(face)}
        </div>
    }
}

/// The greetings in many languages.
#[component]
fn Song(singing: Singing, again: Callback<()>) -> impl IntoView {
    view! {
        <section class="song" aria-labelledby="song">
            <h2 class="song__title" id="song">
                "And in many languages"
            </h2>
            <Chorus lines=singing.lines.read_only() />
            {live(move || {
                let failure = singing.failure.get();
                built(failure.map(|failure| view! { <Failed failure retry=again /> }))
            })}
        </section>
    }
}

/// The stream of greetings, as far as it has come.
#[derive(Clone, Copy)]
struct Singing {
    api: StoredValue<Api>,
    lines: RwSignal<Vec<Line>>,
    failure: RwSignal<Option<Failure>>,
    run: Run,
}

impl Singing {
    fn new(api: Api) -> Self {
        Self {
            api: StoredValue::new(api),
            lines: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            run: Run::new(),
        }
    }

    fn start(self, name: String) {
        self.lines.set(Vec::new());
        self.failure.set(None);
        self.run.start(async move {
            let greeter = self.api.with_value(|api| api.greeter.clone());
            let outcome = match greeter.in_many_languages(name).await {
                Ok(greetings) => self.take(greetings).await,
                Err(failure) => Err(failure),
            };
            if let Err(failure) = outcome {
                self.failure.try_set(Some(failure));
            }
        });
    }

    async fn take(self, mut greetings: Greetings) -> Result<(), Failure> {
        while let Some(text) = greetings.next().await {
            let text = text?;
            self.lines.try_update(|lines| {
                let before: Vec<_> = lines.iter().map(|line| line.tongue).collect();
                let tongue = tongue::of(&text, &before);
                lines.push(Line { text, tongue });
            });
        }
        Ok(())
    }
}
