//! Server streams that go on where they were broken off.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use js_sys::Promise;
use tonic::{Status, Streaming};
use tonic_types::StatusExt as _;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::EventTarget;

use super::{Error, Reason, timer::Timer};
use crate::retry::{may_pass, wait_ms};

/// What a resumed stream is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum State {
    /// The call is made, and has not been answered.
    Connecting,
    /// Answered: messages come as there are any.
    Live,
    /// Broken off; it is tried again in so many milliseconds.
    Waiting {
        /// How long it waits.
        ms: f64,
    },
    /// Broken off, and the browser says that there is no network: it waits for one.
    Offline,
}

/// A server stream that is called again, from where it was, when it breaks.
///
/// It is made for streams that take a position and say with each message what the next one is: a
/// revision, a key, a sequence number. Waits grow as [`wait_ms`] has it, and begin anew with each
/// message; where a status says when to come again (`google.rpc.RetryInfo`), that is waited out
/// first. It ends with the stream's own end, and with a status that will not get better
/// ([`may_pass`]) and names no time; an answer without a status is no end, nor is one of which too
/// much came at once. Dropping it ends the call.
pub struct Resumed<P, M, Open> {
    open: Open,
    position: P,
    after: fn(&M) -> P,
    stream: Option<Streaming<M>>,
    failures: u32,
    /// Until when the next call is not made: kept here, so that who stops waiting for a message and
    /// asks for it again does not come sooner.
    pause: Option<Timer>,
    on_state: Box<dyn FnMut(State)>,
}

impl<P, M, Open, Opening> Resumed<P, M, Open>
where
    P: Clone,
    Open: FnMut(P) -> Opening,
    Opening: Future<Output = Result<Streaming<M>, Status>>,
{
    /// Begins at `position`. `open` makes the call from a position on; `after` says which position
    /// follows a message; `on_state` is told what becomes of it.
    pub fn new(
        position: P,
        open: Open,
        after: fn(&M) -> P,
        on_state: impl FnMut(State) + 'static,
    ) -> Self {
        Self {
            open,
            position,
            after,
            stream: None,
            failures: 0,
            pause: None,
            on_state: Box::new(on_state),
        }
    }

    /// The next message, each once and in order; `None` after the last. Nothing is lost where its
    /// future is dropped: the next one goes on.
    ///
    /// # Errors
    ///
    /// The status that ended it for good. The next call begins again, from the same position.
    pub async fn message(&mut self) -> Result<Option<M>, Status> {
        loop {
            self.pause().await;
            let came = if let Some(stream) = &mut self.stream {
                stream.message().await
            } else {
                (self.on_state)(State::Connecting);
                match (self.open)(self.position.clone()).await {
                    Ok(stream) => {
                        (self.on_state)(State::Live);
                        self.stream.insert(stream).message().await
                    }
                    Err(status) => Err(status),
                }
            };
            match came {
                Ok(Some(message)) => {
                    self.failures = 0;
                    self.position = (self.after)(&message);
                    return Ok(Some(message));
                }
                Ok(None) => return Ok(None),
                Err(status) => {
                    self.stream = None;
                    let asked = retry_delay(&status);
                    if asked.is_none() && !may_pass(status.code()) && !has_more(&status) {
                        return Err(status);
                    }
                    self.wait(asked.unwrap_or_default());
                }
            }
        }
    }

    /// Has it wait as long as the server asked for, and then as long as it is due to: all whom it
    /// told the same do not come back together.
    fn wait(&mut self, asked: Duration) {
        self.failures = self.failures.saturating_add(1);
        let own = wait_ms(self.failures, js_sys::Math::random());
        let ms = asked.as_secs_f64() * 1_000.0 + own;
        (self.on_state)(State::Waiting { ms });
        self.pause = Some(Timer::after(ms));
    }

    async fn pause(&mut self) {
        if let Some(pause) = &mut self.pause {
            pause.await;
            self.pause = None;
        }
        if self.stream.is_none() && self.failures > 0 && !is_online() {
            (self.on_state)(State::Offline);
            Online::new().await;
        }
    }
}

/// When to come again, where the server says so.
fn retry_delay(status: &Status) -> Option<Duration> {
    status.get_details_retry_info()?.retry_delay
}

/// Whether nobody has said how the call ended, as where a proxy closes what takes it too long; or
/// it was ended here, because too much came at once.
fn has_more(status: &Status) -> bool {
    let reason = Error::of(status).map(Error::reason);
    matches!(reason, Some(Reason::CutShort | Reason::NotTaken))
}

#[wasm_bindgen]
extern "C" {
    type Navigator;
    #[wasm_bindgen(thread_local_v2, js_name = navigator)]
    static NAVIGATOR: Navigator;
    #[wasm_bindgen(method, getter, js_name = onLine)]
    fn on_line(this: &Navigator) -> bool;
}

fn is_online() -> bool {
    NAVIGATOR.with(Navigator::on_line)
}

/// The browser's next word that there is a network. Dropping it stops listening.
struct Online {
    came: JsFuture,
    listener: JsValue,
}

impl Online {
    const EVENT: &str = "online";

    fn new() -> Self {
        let mut listener = JsValue::UNDEFINED;
        let came = Promise::new(&mut |resolve, _| {
            // It exists in pages and in workers, and takes any name.
            _ = scope().add_event_listener_with_callback(Self::EVENT, &resolve);
            listener = resolve.into();
        });
        Self {
            came: JsFuture::from(came),
            listener,
        }
    }
}

impl Future for Online {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.came).poll(cx).map(drop)
    }
}

impl Drop for Online {
    fn drop(&mut self) {
        let listener = self.listener.unchecked_ref();
        _ = scope().remove_event_listener_with_callback(Self::EVENT, listener);
    }
}

fn scope() -> EventTarget {
    js_sys::global().unchecked_into()
}
