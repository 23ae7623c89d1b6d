//! `/`: calls of each gRPC type to the greeter, and what they send and receive.

mod call_session;

use leptos::prelude::*;

use self::call_session::CallSession;
use super::reconnect::on_reconnect;
use crate::{
    api::Api,
    components::{
        call_type_switch::CallTypeSwitch,
        heading::Heading,
        name_form::{FormAction, NameForm},
        reactive::reactive,
        states::{ErrorState, LoadingState},
        transcript::Transcript,
        view_slot::view_slot,
        wire_log::WireLog,
    },
    state::{
        call_state::CallState,
        call_type::{CallInfo, CallType},
        error_text,
        ring_buffer::RingBuffer,
    },
};

#[component]
pub(crate) fn GreetPage(call: CallType) -> impl IntoView {
    let session = CallSession::new(&expect_context::<Api>(), call);
    let state = session.replies.state();
    on_reconnect(move || {
        if state.with_untracked(CallState::is_retryable) {
            session.retry();
        }
    });
    let CallInfo {
        title,
        method,
        description,
        ..
    } = call.info();
    view! {
        <Heading text=|()| "Greet".to_owned() />
        <p class="lead">
            "gRPC has four call types. Try each of them, and see what it sends and receives."
        </p>
        <CallTypeSwitch current=call />
        <section class="greet" aria-labelledby="call">
            <div class="greet__call">
                <h2 class="greet__title" id="call">
                    {*title}
                </h2>
                <p class="greet__description">
                    {*description} " " <code class="greet__method">{*method}</code>
                </p>
                {view_slot(view! { <Call call session /> })}
            </div>
            {view_slot(wire_log(session))}
        </section>
    }
}

/// The form and the transcript of a call.
#[component]
fn Call(call: CallType, session: CallSession) -> impl IntoView {
    let state = session.replies.state();
    let is_active = Memo::new(move |_| state.with(CallState::is_active));
    let is_open = Memo::new(move |_| session.is_open.get() && is_active.get());
    let name_error = Memo::new(move |_| {
        session.name_error.get().or_else(|| {
            state.with(|state| Some(error_text::sentence(state.error()?.field_violation()?)))
        })
    });
    let act = move |action| match action {
        FormAction::Send { name, deadline } => session.send(name, &deadline),
        FormAction::Finish => session.finish(),
        FormAction::Cancel => session.cancel(),
    };
    // Field violations are shown at the field.
    let status = move || match state.get() {
        CallState::Connecting if !is_open.get() => {
            view_slot(view! { <LoadingState text="Waiting for the first reply…" /> })
        }
        CallState::Failed(error) if error.field_violation().is_none() => {
            let retry = Callback::new(move |()| session.retry());
            view_slot(view! { <ErrorState error retry /> })
        }
        _ => view_slot(()),
    };
    view! {
        <NameForm
            call
            name_error
            deadline_error=session.deadline_error.read_only()
            is_active
            is_open
            on_action=Callback::new(act)
        />
        <Transcript call lines=session.replies.transcript() />
        {reactive(status)}
    }
}

fn wire_log(session: CallSession) -> impl IntoView {
    let status = move |()| {
        let duration = session.replies.duration().get();
        session
            .replies
            .state()
            .with(|state| state.summary(duration))
    };
    view! {
        <WireLog
            indices=Callback::new(move |()| session.with_wire_log(RingBuffer::indices))
            entry=Callback::new(move |index| session.with_wire_log(|log| log.get(index).copied()))
            dropped_note=Callback::new(move |()| session.with_wire_log(RingBuffer::dropped_note))
            status=Callback::new(status)
        />
    }
}
