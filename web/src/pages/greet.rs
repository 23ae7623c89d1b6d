//! `/`: greets people by name, by a call of each type that gRPC has, and shows what passes on the
//! wire.

mod exchange;

use leptos::prelude::*;

use self::exchange::Exchange;
use super::back::when_back;
use crate::{
    api::Api,
    components::{Act, CallSwitch, Chorus, Failed, Heading, NameField, Waiting, Wire, built, live},
    model::{Call, Kept, call::Facts, stream::State, words},
};

/// Greets, by a call of this type.
#[component]
pub(crate) fn GreetPage(call: Call) -> impl IntoView {
    let exchange = Exchange::new(&expect_context::<Api>(), call);
    let state = exchange.stream.state();
    when_back(move || {
        if state.with_untracked(State::waits) {
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
        <Heading text=|()| "Greet somebody".to_owned() />
        <p class="lead">
            "gRPC has four types of calls. Try each, and see what comes back and what passes on the \
             wire."
        </p>
        <CallSwitch now=call />
        <section class="call" aria-labelledby="call">
            <div class="call__desk">
                <h2 class="call__title" id="call">
                    {*title}
                </h2>
                <p class="call__about">{*about} " " <code class="call__method">{*method}</code></p>
                {built(view! { <Desk call exchange /> })}
            </div>
            {built(wire(exchange))}
        </section>
    }
}

/// What there is to type, and what has come back.
#[component]
fn Desk(call: Call, exchange: Exchange) -> impl IntoView {
    let state = exchange.stream.state();
    let busy = Memo::new(move |_| state.with(State::is_underway));
    let open = Memo::new(move |_| exchange.open.get() && busy.get());
    let fault = Memo::new(move |_| {
        if let Some(nobody) = exchange.nobody.get() {
            return Some(nobody.to_owned());
        }
        state.with(|state| Some(words::sentence(state.failure()?.fault()?)))
    });
    let act = move |act| match act {
        Act::Say { name, deadline } => exchange.say(name, &deadline),
        Act::Finish => exchange.finish(),
        Act::Cancel => exchange.cancel(),
    };
    // That a reply is waited for, or why there is none. What is wrong with a name, the field says.
    let face = move || match state.get() {
        State::Connecting if !open.get() => built(view! { <Waiting text="Asking the desk…" /> }),
        State::Failed(failure) if failure.fault().is_none() => {
            let retry = Callback::new(move |()| exchange.again());
            built(view! { <Failed failure retry /> })
        }
        _ => built(()),
    };
    view! {
        <NameField
            call
            fault
            slip=exchange.slip.read_only()
            busy
            open
            on_act=Callback::new(act)
        />
        <Chorus call lines=exchange.stream.items() />
        {live(face)}
    }
}

fn wire(exchange: Exchange) -> impl IntoView {
    let status = move |()| {
        let lasted = exchange.stream.lasted().get();
        exchange.stream.state().with(|state| state.words(lasted))
    };
    view! {
        <Wire
            indices=Callback::new(move |()| exchange.log(Kept::indices))
            entry=Callback::new(move |index| exchange.log(|log| log.get(index).copied()))
            gone=Callback::new(move |()| exchange.log(Kept::words))
            status=Callback::new(status)
        />
    }
}
