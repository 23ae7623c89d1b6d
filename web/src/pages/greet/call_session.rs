use js_sys::JsString;
use leptos::prelude::*;

use crate::{
    api::{
        Api,
        greeter::{Greeter, GreeterCall, RequestStream},
        reply_stream::ReplyStream,
    },
    state::{
        call_state::CallState,
        call_type::CallType,
        deadline, language,
        ring_buffer::RingBuffer,
        transcript::{TranscriptLine, name_error},
        wire_log::WireEntry,
    },
};

/// The current call of one type, with its transcript and wire log. Cancelled when its owner is
/// disposed.
#[derive(Clone, Copy)]
pub(super) struct CallSession {
    call_type: CallType,
    pub(super) replies: ReplyStream,
    /// Whether the request stream is open.
    pub(super) is_open: RwSignal<bool>,
    pub(super) deadline_error: RwSignal<bool>,
    /// Why a name was not sent: the server would end a conversation because of an invalid name.
    pub(super) name_error: RwSignal<Option<String>>,
    /// Changes with the wire log, which is not a signal itself: it is written while it is read.
    wire_log_version: RwSignal<usize>,
    data: StoredValue<SessionData>,
}

struct SessionData {
    greeter: Greeter,
    wire_log: RingBuffer<WireEntry>,
    requests: Option<RequestStream>,
    /// The names that have not been greeted yet; sent again by a retry.
    pending_names: Vec<String>,
    deadline_ms: Option<u32>,
}

impl CallSession {
    pub(super) fn new(api: &Api, call_type: CallType) -> Self {
        Self {
            call_type,
            replies: ReplyStream::new(),
            is_open: RwSignal::new(false),
            deadline_error: RwSignal::new(false),
            name_error: RwSignal::new(None),
            wire_log_version: RwSignal::new(0),
            data: StoredValue::new(SessionData {
                greeter: api.greeter.clone(),
                wire_log: RingBuffer::default(),
                requests: None,
                pending_names: Vec::new(),
                deadline_ms: None,
            }),
        }
    }

    /// Reads the wire log, tracked.
    pub(super) fn with_wire_log<T>(self, read: impl FnOnce(&RingBuffer<WireEntry>) -> T) -> T {
        self.wire_log_version.track();
        self.data.with_value(|data| read(&data.wire_log))
    }

    /// Sends a name in the open call or in a new one. Returns whether to clear the name field.
    pub(super) fn send(self, name: String, deadline: &str) -> bool {
        let is_conversation = self.call_type.streams_requests();
        let error = is_conversation
            .then(|| name_error(&to_nfc(&name)))
            .flatten();
        let is_invalid = error.is_some();
        self.name_error.set(error);
        if is_invalid {
            return false;
        }
        let state = self.replies.state();
        let is_accepted = if is_conversation && state.with_untracked(CallState::is_active) {
            self.send_in_open_call(&name)
        } else if is_conversation && state.with_untracked(CallState::is_retryable) {
            self.with_data(|data| data.pending_names.push(name.clone()));
            self.retry();
            true
        } else {
            self.start_new_call(&name, deadline)
        };
        if is_accepted && is_conversation {
            self.replies.transcript().update(|transcript| {
                transcript.push(TranscriptLine {
                    text: name,
                    is_own: true,
                    greeting: None,
                });
            });
        }
        is_accepted && is_conversation
    }

    fn send_in_open_call(self, name: &str) -> bool {
        self.with_data(|data| {
            let requests = data.requests.as_mut();
            let is_sent = requests.is_some_and(|requests| requests.send(name.to_owned()));
            if is_sent {
                data.pending_names.push(name.to_owned());
            }
            is_sent
        })
        .unwrap_or_default()
    }

    /// Returns `false` if the deadline is invalid.
    fn start_new_call(self, name: &str, deadline: &str) -> bool {
        // Also if the deadline is invalid: the old transcript does not belong to this input.
        self.replies.clear();
        self.update_wire_log(RingBuffer::clear);
        let deadline = deadline::parse(deadline);
        self.deadline_error.set(deadline.is_err());
        let Ok(deadline_ms) = deadline else {
            return false;
        };
        self.with_data(|data| {
            data.deadline_ms = deadline_ms;
            data.pending_names = vec![name.to_owned()];
        });
        self.start();
        true
    }

    /// Repeats the call with the names that have not been greeted. Keeps the transcript of a
    /// conversation.
    pub(super) fn retry(self) {
        if !self.call_type.streams_requests() {
            self.replies.transcript().update(RingBuffer::clear);
        }
        self.update_wire_log(RingBuffer::clear);
        self.start();
    }

    /// Ends the request stream.
    pub(super) fn finish(self) -> bool {
        self.is_open.set(false);
        drop(self.with_data(|data| data.requests.take()));
        false
    }

    pub(super) fn cancel(self) -> bool {
        self.replies.cancel();
        self.finish()
    }

    fn with_data<T>(self, update: impl FnOnce(&mut SessionData) -> T) -> Option<T> {
        self.data.try_update_value(update)
    }

    fn update_wire_log(self, update: impl FnOnce(&mut RingBuffer<WireEntry>)) {
        self.with_data(|data| update(&mut data.wire_log));
        self.wire_log_version.try_update(|version| *version += 1);
    }

    fn start(self) {
        let call_type = self.call_type;
        let replies = self.with_data(|data| {
            let call = GreeterCall {
                call_type,
                names: data.pending_names.clone(),
                deadline_ms: data.deadline_ms,
            };
            let on_wire_entry = move |entry| self.update_wire_log(|log| log.push(entry));
            let (requests, replies) = data.greeter.call(call, on_wire_entry);
            data.requests = requests;
            replies
        });
        let Some(replies) = replies else { return };
        self.is_open.set(call_type.streams_requests());
        self.replies.follow(replies, move |transcript, text| {
            self.add_reply(transcript, text);
        });
    }

    fn add_reply(self, transcript: &mut RingBuffer<TranscriptLine>, text: String) {
        let mut greeting = None;
        match self.call_type {
            CallType::Bidirectional => {
                self.with_data(|data| {
                    let greeted = 1.min(data.pending_names.len());
                    data.pending_names.drain(..greeted).count()
                });
            }
            CallType::ServerStreaming => {
                let seen: Vec<_> = transcript.iter().map(|line| line.greeting).collect();
                greeting = language::detect(&text, &seen);
            }
            CallType::Unary | CallType::ClientStreaming => {}
        }
        transcript.push(TranscriptLine {
            text,
            is_own: false,
            greeting,
        });
    }
}

/// Unicode normalization form C.
fn to_nfc(text: &str) -> String {
    JsString::from(text).normalize("NFC").into()
}
