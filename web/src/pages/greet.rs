//! `/`: greets people by name, by a call of each type that gRPC has, and shows what passes on the
//! wire.

mod exchange;

use leptos::prelude::*;

use self::exchange::Exchange;
use super::back::when_back;
use crate::{
    api::Api,
    components::{
        Act, Address, CallSwitch, Chorus, Failed, Heading, NameField, Waiting, Wire, built, live,
    },
    model::{
        Call, Failure,
        address::{Room, Url},
        call::Facts,
        stream::State,
        words,
    },
};

/// Greets.
#[component]
pub(crate) fn GreetPage() -> impl IntoView {
    let address = expect_context::<Address>();
    let call = Memo::new(move |before: Option<&Call>| {
        address.with(|url| match url.room() {
            Room::Greet => Url::call(url),
            // On the way out: nothing is to be shown any more.
            _ => before.copied().unwrap_or(Call::Unary),
        })
    });
    view! {
        <Heading text=|()| "Greet somebody".to_owned() />
        <p class="lead">
            "gRPC has four types of calls. Try each, and see what comes back and what passes on the \
             wire."
        </p>
        <CallSwitch now=call />
        {live(move || built(view! { <Panel call=call.get() /> }))}
    }
}

/// One type of call.
#[component]
fn Panel(call: Call) -> impl IntoView {
    let exchange = Exchange::new(&expect_context::<Api>(), call);
    let state = exchange.stream.state();
    let busy = Memo::new(move |_| state.with(State::is_underway));
    let open = Memo::new(move |_| exchange.open.get() && busy.get());
    let fault =
        Memo::new(move |_| state.with(|state| Some(words::sentence(state.failure()?.fault()?))));
    let act = move |act| match act {
        Act::Say { name, deadline } => exchange.say(name, &deadline),
        Act::Finish => exchange.finish(),
        Act::Cancel => exchange.cancel(),
    };
    when_back(move || {
        if state.with_untracked(|state| state.failure().is_some_and(Failure::may_pass)) {
            exchange.again();
        }
    });
    let Facts {
        title,
        method,
        about,
        ..
    } = call.facts();
    view! {
        <section class="call" aria-labelledby="call">
            <div class="call__desk">
                <h2 class="call__title" id="call">
                    {*title}
                </h2>
                <p class="call__about">{*about} " " <code class="call__method">{*method}</code></p>
                <NameField
                    call
                    fault
                    slip=exchange.slip.read_only()
                    busy
                    open
                    on_act=Callback::new(act)
                />
                <Chorus call lines=exchange.stream.items() />
                <Face exchange open />
            </div>
            <Wire log=exchange.log state lasted=exchange.stream.lasted() />
        </section>
    }
}

/// That a reply is waited for, or why there is none. What is wrong with a name is said at the field.
#[component]
fn Face(exchange: Exchange, open: Memo<bool>) -> impl IntoView {
    let state = exchange.stream.state();
    let face = move || match state.get() {
        State::Connecting if !open.get() => built(view! { <Waiting text="Asking the desk…" /> }),
        State::Failed(failure) if failure.fault().is_none() => {
            let retry = Callback::new(move |()| exchange.again());
            built(view! { <Failed failure retry /> })
        }
        _ => built(()),
    };
    live(face)
}
