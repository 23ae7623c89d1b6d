//! One call at a time: what was said in it, what came back, what passed.

use leptos::prelude::*;

use crate::{
    api::{Api, Greeter, Outgoing, Stream, Wish},
    model::{Call, Kept, Line, deadline, line, stream::State, tongue, wire::Entry},
};

/// A call of one type, and all that the page shows of it. Cancelled when its owner goes.
#[derive(Clone, Copy)]
pub(super) struct Exchange {
    call: Call,
    /// What was said on both sides, and how far the call is.
    pub(super) stream: Stream<Line>,
    /// Whether more may be said, while the call is under way.
    pub(super) open: RwSignal<bool>,
    /// Whether the deadline is none.
    pub(super) slip: RwSignal<bool>,
    /// What was entered in a conversation is no name. It is not sent: the server would end the
    /// conversation over it, with all that was said.
    pub(super) nobody: RwSignal<Option<&'static str>>,
    /// How much has passed on the wire: what it is, `books` have.
    passed: RwSignal<usize>,
    books: StoredValue<Books>,
}

/// What nobody follows.
struct Books {
    greeter: Greeter,
    /// What passed on the wire.
    log: Kept<Entry>,
    outgoing: Option<Outgoing>,
    /// The names that nobody has been greeted by yet.
    unanswered: Vec<String>,
    deadline: Option<u32>,
}

impl Exchange {
    pub(super) fn new(api: &Api, call: Call) -> Self {
        Self {
            call,
            stream: Stream::new(),
            open: RwSignal::new(false),
            slip: RwSignal::new(false),
            nobody: RwSignal::new(None),
            passed: RwSignal::new(0),
            books: StoredValue::new(Books {
                greeter: api.greeter.clone(),
                log: Kept::default(),
                outgoing: None,
                unanswered: Vec::new(),
                deadline: None,
            }),
        }
    }

    /// What `read` makes of what has passed on the wire, tracked.
    pub(super) fn log<T>(self, read: impl FnOnce(&Kept<Entry>) -> T) -> T {
        self.passed.track();
        self.books.with_value(|books| read(&books.log))
    }

    /// Says a name: in the call that is open, or in a new one. Whether there is to be room for
    /// another.
    pub(super) fn say(self, name: String, deadline: &str) -> bool {
        let is_talk = self.call.is_talk();
        let state = self.stream.state();
        let goes_on = is_talk && state.with_untracked(State::is_underway);
        let nobody = is_talk.then(|| line::fault(&name)).flatten();
        self.nobody.set(nobody);
        if nobody.is_some() {
            return false;
        }
        if goes_on {
            let sent = self.with_books(|books| {
                let outgoing = books.outgoing.as_mut();
                let sent = outgoing.is_some_and(|outgoing| outgoing.say(name.clone()));
                if sent {
                    books.unanswered.push(name.clone());
                }
                sent
            });
            if sent != Some(true) {
                return false;
            }
        } else if is_talk && state.with_untracked(State::waits) {
            // It is said with those that nobody was greeted by before, now or when the desk is back.
            self.with_books(|books| books.unanswered.push(name.clone()));
            self.again();
        } else {
            // What came of another call is no answer to what is asked now, be it asked or not.
            self.stream.clear();
            self.write_log(Kept::clear);
            let deadline = deadline::parse(deadline);
            self.slip.set(deadline.is_err());
            let Ok(deadline) = deadline else {
                return false;
            };
            self.with_books(|books| {
                books.deadline = deadline;
                books.unanswered = vec![name.clone()];
            });
            self.begin();
        }
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

    /// The same call once more, with the names that nobody was greeted by. What was said stays,
    /// but for replies that will come anew.
    pub(super) fn again(self) {
        if !self.call.is_talk() {
            self.stream.items().update(Kept::clear);
        }
        self.write_log(Kept::clear);
        self.begin();
    }

    /// No more names come.
    pub(super) fn finish(self) -> bool {
        self.open.set(false);
        if let Some(outgoing) = self.with_books(|books| books.outgoing.take()).flatten() {
            outgoing.finish();
        }
        false
    }

    /// No more of it.
    pub(super) fn cancel(self) -> bool {
        self.stream.stop();
        self.finish()
    }

    fn with_books<T>(self, change: impl FnOnce(&mut Books) -> T) -> Option<T> {
        self.books.try_update_value(change)
    }

    /// Changes what has passed on the wire, and tells who follows it.
    fn write_log(self, change: impl FnOnce(&mut Kept<Entry>)) {
        self.with_books(|books| change(&mut books.log));
        self.passed.try_update(|passed| *passed += 1);
    }

    /// Begins the call.
    fn begin(self) {
        let call = self.call;
        let passed = move |entry| self.write_log(|log| log.push(entry));
        let begun = self.with_books(|books| {
            let names = books.unanswered.clone();
            let deadline = books.deadline;
            let wish = Wish {
                call,
                names,
                deadline,
            };
            let (outgoing, opening) = books.greeter.begin(wish, passed);
            books.outgoing = outgoing;
            opening
        });
        let Some(opening) = begun else { return };
        self.open.set(call.is_talk());
        self.stream.follow(opening, move |lines, text| {
            let mut tongue = None;
            match call {
                Call::Bidirectional => {
                    self.with_books(|books| {
                        books
                            .unanswered
                            .drain(..1.min(books.unanswered.len()))
                            .count()
                    });
                }
                Call::ServerStreaming => {
                    let before: Vec<_> = lines.iter().map(|line| line.tongue).collect();
                    tongue = tongue::of(&text, &before);
                }
                _ => {}
            }
            lines.push(Line {
                text,
                mine: false,
                tongue,
            });
        });
    }
}
