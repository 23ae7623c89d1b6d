//! Server streams that reconnect.

use std::{future::Future, time::Duration};

use tonic::{Status, Streaming};
use tonic_types::StatusExt as _;

use super::{
    error::{Error, Reason},
    network::{OnlineEvent, is_online},
    timer::Timer,
};
use crate::retry::{backoff_ms, is_retryable};

/// The state of a [`ResumableStream`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum StreamState {
    /// The call was made and has no response yet.
    Connecting,
    /// The response has begun.
    Open,
    /// The stream failed and is retried after a delay.
    Waiting {
        /// The delay in milliseconds.
        ms: f64,
    },
    /// The stream failed, and the browser reports that there is no network. It is retried as soon as
    /// there is one.
    Offline,
}

/// A server stream that is called again from its last position whenever it fails.
///
/// It is for methods that take a position (a revision, a key, a sequence number) and whose messages
/// determine the position after them.
///
/// The delay before a retry is the server's `google.rpc.RetryInfo`, if there is one, plus
/// [`backoff_ms`], which starts over with each message. The stream ends when the server ends it, or
/// with a status that is neither retryable ([`is_retryable`]) nor has a `RetryInfo`. A response
/// without a status, or one of which too much arrived at once, is retried. Dropping the stream aborts
/// the call.
pub struct ResumableStream<P, M, Open> {
    open: Open,
    position: P,
    position_after: fn(&M) -> P,
    stream: Option<Streaming<M>>,
    failures: u32,
    /// The delay before the next call. It is stored here so that it still applies if the future of
    /// [`ResumableStream::message`] is dropped and requested again.
    delay: Option<Timer>,
    on_state: Box<dyn FnMut(StreamState)>,
}

impl<P, M, Open, Opening> ResumableStream<P, M, Open>
where
    P: Clone,
    Open: FnMut(P) -> Opening,
    Opening: Future<Output = Result<Streaming<M>, Status>>,
{
    /// A stream that begins at `position`. `open` makes the call from a position, `position_after`
    /// returns the position that follows a message, and `on_state` is notified of every change of
    /// state.
    pub fn new(
        position: P,
        open: Open,
        position_after: fn(&M) -> P,
        on_state: impl FnMut(StreamState) + 'static,
    ) -> Self {
        Self {
            open,
            position,
            position_after,
            stream: None,
            failures: 0,
            delay: None,
            on_state: Box::new(on_state),
        }
    }

    /// The next message; `None` when the server has ended the stream. Each message is returned once
    /// and in order. The future is cancel safe: dropping it loses nothing.
    ///
    /// # Errors
    ///
    /// The status of a failure that is not retryable. Calling this again retries anyway, from the
    /// same position.
    pub async fn message(&mut self) -> Result<Option<M>, Status> {
        loop {
            self.wait_until_due().await;
            let next = if let Some(stream) = &mut self.stream {
                stream.message().await
            } else {
                (self.on_state)(StreamState::Connecting);
                match (self.open)(self.position.clone()).await {
                    Ok(stream) => {
                        (self.on_state)(StreamState::Open);
                        self.stream.insert(stream).message().await
                    }
                    Err(status) => Err(status),
                }
            };
            match next {
                Ok(Some(message)) => {
                    self.failures = 0;
                    self.position = (self.position_after)(&message);
                    return Ok(Some(message));
                }
                Ok(None) => return Ok(None),
                Err(status) => {
                    self.stream = None;
                    let retry_delay = retry_delay(&status);
                    if retry_delay.is_none()
                        && !is_retryable(status.code())
                        && !is_incomplete(&status)
                    {
                        return Err(status);
                    }
                    self.schedule_retry(retry_delay.unwrap_or_default());
                }
            }
        }
    }

    /// The back-off is added to the server's delay, so that clients which received the same
    /// `RetryInfo` do not return at the same moment.
    fn schedule_retry(&mut self, retry_delay: Duration) {
        self.failures = self.failures.saturating_add(1);
        let backoff = backoff_ms(self.failures, js_sys::Math::random());
        let ms = retry_delay.as_secs_f64() * 1_000.0 + backoff;
        (self.on_state)(StreamState::Waiting { ms });
        self.delay = Some(Timer::after(ms));
    }

    async fn wait_until_due(&mut self) {
        if let Some(delay) = &mut self.delay {
            delay.await;
            self.delay = None;
        }
        if self.stream.is_none() && self.failures > 0 && !is_online() {
            (self.on_state)(StreamState::Offline);
            OnlineEvent::new().await;
        }
    }
}

fn retry_delay(status: &Status) -> Option<Duration> {
    status.get_details_retry_info()?.retry_delay
}

/// Whether the server did not end the call: a proxy cut it off, or this client did because it could
/// not keep up.
fn is_incomplete(status: &Status) -> bool {
    let reason = Error::from_status(status).map(Error::reason);
    matches!(reason, Some(Reason::MissingStatus | Reason::BufferFull))
}
