//! One call at a time: what was said in it, what came back, what passed.

use leptos::prelude::*;

use crate::{
    api::{Api, Outgoing, Stream, Wish},
    model::{Call, Kept, Line, deadline, stream::State, tongue, wire::Entry},
};

/// A call of one type, and all that the page shows of it. Cancelled when its owner goes.
#[derive(Clone, Copy)]
pub(super) struct Exchange {
    call: Call,
    api: StoredValue<Api>,
    /// What was said on both sides, and how far the call is.
    pub(super) stream: Stream<Line>,
    /// What passed on the wire.
    pub(super) log: RwSignal<Kept<Entry>>,
    /// Whether more may be said, while the call is under way.
    pub(super) open: RwSignal<bool>,
    /// What is wrong with the deadline.
    pub(super) slip: RwSignal<&'static str>,
    outgoing: StoredValue<Option<Outgoing>>,
    /// The names that nobody has been greeted by yet.
    unanswered: StoredValue<Vec<String>>,
    deadline: StoredValue<Option<u32>>,
}

impl Exchange {
    pub(super) fn new(api: &Api, call: Call) -> Self {
        Self {
            call,
            api: StoredValue::new(api.clone()),
            stream: Stream::new(),
            log: RwSignal::new(Kept::default()),
            open: RwSignal::new(false),
            slip: RwSignal::new(""),
            outgoing: StoredValue::new(None),
            unanswered: StoredValue::new(Vec::new()),
            deadline: StoredValue::new(None),
        }
    }

    /// Says a name: in the call that is open, or in a new one. Whether there is to be room for
    /// another.
    pub(super) fn say(self, name: String, deadline: &str) -> bool {
        let underway = self.stream.state().with_untracked(State::is_underway);
        let is_talk = self.call.is_talk();
        if is_talk && underway {
            let sent = self.outgoing.try_update_value(|outgoing| {
                let outgoing = outgoing.as_mut();
                outgoing.is_some_and(|outgoing| outgoing.say(name.clone()))
            });
            if sent != Some(true) {
                return false;
            }
        } else {
            let deadline = deadline::parse(deadline);
            self.slip.set(deadline.err().unwrap_or_default());
            let Ok(deadline) = deadline else {
                return false;
            };
            self.deadline.set_value(deadline);
            self.unanswered.set_value(Vec::new());
            self.stream.items().set(Kept::default());
            self.begin(vec![name.clone()]);
        }
        self.unanswered
            .update_value(|names| names.push(name.clone()));
        if is_talk {
            self.stream.items().update(|lines| {
                lines.push(Line {
                    text: name,
                    mine: true,
                    tongue: None,
                });
            });
        }
        is_talk
    }

    /// The same call once more, with the names that nobody was greeted by: what was said stays.
    pub(super) fn again(self) {
        if !self.call.is_talk() {
            self.stream.items().set(Kept::default());
        }
        self.begin(self.unanswered.get_value());
    }

    /// No more names come.
    pub(super) fn finish(self) -> bool {
        self.open.set(false);
        if let Some(outgoing) = self.outgoing.try_update_value(Option::take).flatten() {
            outgoing.finish();
        }
        false
    }

    /// No more of it.
    pub(super) fn cancel(self) -> bool {
        self.stream.stop();
        self.finish()
    }

    fn begin(self, names: Vec<String>) {
        let Self {
            call,
            log,
            unanswered,
            ..
        } = self;
        log.set(Kept::default());
        let wish = Wish {
            call,
            names,
            deadline: self.deadline.get_value(),
        };
        let ear = move |entry| _ = log.try_update(|log| log.push(entry));
        let greeter = self.api.with_value(|api| api.greeter.clone());
        let (outgoing, opening) = greeter.begin(wish, ear);
        self.open.set(outgoing.is_some());
        self.outgoing.set_value(outgoing);
        self.stream.follow(opening, move |lines, text| {
            if call == Call::Bidirectional {
                unanswered.try_update_value(|names| names.drain(..names.len().min(1)).count());
            }
            let tongue = (call == Call::ServerStreaming).then(|| {
                let before: Vec<_> = lines.iter().map(|line| line.tongue).collect();
                tongue::of(&text, &before)
            });
            lines.push(Line {
                text,
                mine: false,
                tongue: tongue.flatten(),
            });
        });
    }
}
