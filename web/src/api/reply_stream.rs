use std::future::Future;

use leptos::prelude::*;

use super::{clock, greeter::Replies, task::TaskSlot};
use crate::state::{
    call_state::CallState, error::Error, ring_buffer::RingBuffer, transcript::TranscriptLine,
};

/// The transcript and the state of a call, as signals. The call is cancelled when another one is
/// followed, by [`ReplyStream::cancel`], and when the owner that created the stream is disposed.
#[derive(Clone, Copy)]
pub struct ReplyStream {
    state: RwSignal<CallState>,
    transcript: RwSignal<RingBuffer<TranscriptLine>>,
    started: StoredValue<u32>,
    duration: RwSignal<u32>,
    task: TaskSlot,
}

impl ReplyStream {
    pub(crate) fn new() -> Self {
        Self {
            state: RwSignal::new(CallState::Idle),
            transcript: RwSignal::new(RingBuffer::default()),
            started: StoredValue::new(0),
            duration: RwSignal::new(0),
            task: TaskSlot::new(),
        }
    }

    pub fn state(self) -> ReadSignal<CallState> {
        self.state.read_only()
    }

    /// Stays when the call ends.
    pub fn transcript(self) -> RwSignal<RingBuffer<TranscriptLine>> {
        self.transcript
    }

    /// The duration of the ended call in tenths of a millisecond.
    pub fn duration(self) -> ReadSignal<u32> {
        self.duration.read_only()
    }

    /// Starts a call and passes each reply to `on_reply`, which adds it to the transcript.
    pub fn follow(
        self,
        replies: impl Future<Output = Result<Replies, Error>> + 'static,
        on_reply: impl Fn(&mut RingBuffer<TranscriptLine>, String) + 'static,
    ) {
        self.started.set_value(clock::now_tenths());
        self.state.set(CallState::Connecting);
        self.task.spawn(async move {
            let result = self.receive(replies, on_reply).await;
            self.end(match result {
                Ok(()) => CallState::Completed,
                Err(error) => CallState::Failed(error),
            });
        });
    }

    async fn receive(
        self,
        replies: impl Future<Output = Result<Replies, Error>>,
        on_reply: impl Fn(&mut RingBuffer<TranscriptLine>, String),
    ) -> Result<(), Error> {
        let mut replies = replies.await?;
        self.state.try_set(CallState::Open);
        while let Some(reply) = replies.next().await? {
            self.transcript
                .try_update(|transcript| on_reply(transcript, reply));
        }
        Ok(())
    }

    /// Resets everything to the state before the first call.
    pub fn clear(self) {
        self.task.abort();
        self.transcript.update(RingBuffer::clear);
        self.state.set(CallState::Idle);
    }

    pub fn cancel(self) {
        self.task.abort();
        if self.state.with_untracked(CallState::is_active) {
            self.end(CallState::Cancelled);
        }
    }

    fn end(self, state: CallState) {
        let started = self.started.try_get_value().unwrap_or_default();
        self.duration
            .try_set(clock::now_tenths().wrapping_sub(started));
        self.state.try_set(state);
    }
}
