//! `/`: greets whoever types a name, and greets them again in many languages.

use leptos::prelude::*;

use super::{back::when_back, run::Run};
use crate::{
    api::{Api, Failure, Greetings},
    components::{Chorus, Failed, Heading, Line, NameField, Waiting, built, live},
    model::tongue,
};

/// The field of the request that a name goes into.
const FIELD: &str = "name";

/// Who is to be greeted, and the how-manieth wish this is.
type Wish = (u32, Option<String>);

/// Greets.
#[component]
pub(crate) fn GreetPage() -> impl IntoView {
    let api = expect_context::<Api>();
    let singing = Singing::new(api.clone());
    let wish = RwSignal::<Wish>::new((0, None));
    let greeter = api.greeter.clone();
    let answer = LocalResource::new(move || {
        let (number, name) = wish.get();
        let greeter = greeter.clone();
        async move { (number, greeter.hello(name?).await).into() }
    });
    let outcome = Memo::new(move |_| {
        answer
            .get()
            .flatten()
            .filter(|it: &(u32, _)| it.0 == wish.get().0)
    });
    let busy = Memo::new(move |_| wish.get().1.is_some() && outcome.with(Option::is_none));
    let failure = move || outcome.get().and_then(|(_, result)| result.err());
    let fault = Memo::new(move |_| {
        let failure = failure()?;
        failure.fault_with(FIELD).map(crate::model::words::sentence)
    });
    let greet = move |name: String| {
        wish.update(|wish| *wish = (wish.0 + 1, Some(name.clone())));
        singing.start(name);
    };
    let again = move || {
        if let Some(name) = wish.get_untracked().1 {
            greet(name);
        }
    };
    when_back(move || {
        let failed = untrack(failure).or_else(|| singing.failure.get_untracked());
        if failed.is_some_and(|failure| failure.may_pass()) {
            again();
        }
    });

    let greeted = Memo::new(move |_| matches!(outcome.get(), Some((_, Ok(_)))));
    let song = move || {
        let again = Callback::new(move |()| again());
        built(greeted.get().then(|| view! { <Song singing again /> }))
    };

    view! {
        <Heading text=|()| "Greet somebody".to_owned() />
        <p class="lead">"Type a name. The desk says hello, in one language and in many."</p>
        <NameField fault busy on_name=greet />
        <Answer outcome busy fault again=Callback::new(move |()| again()) />
        {live(song)}
    }
}

type Outcome = Option<(u32, Result<String, Failure>)>;

/// The greeting, or why there is none. What is wrong with the name is said at the field.
#[component]
fn Answer(
    outcome: Memo<Outcome>,
    busy: Memo<bool>,
    fault: Memo<Option<String>>,
    again: Callback<()>,
) -> impl IntoView {
    let face = move || match outcome.get() {
        None if busy.get() => built(view! { <Waiting text="Asking the desk…" /> }),
        None => built(()),
        Some((_, Ok(text))) => built(view! {
            <p class="greeting" dir="auto">
                {text}
            </p>
        }),
        Some(_) if fault.get().is_some() => built(()),
        Some((_, Err(failure))) => built(view! { <Failed failure retry=again /> }),
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
