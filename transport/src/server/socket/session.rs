//! One socket, from the upgrade to the last goodbye.

use std::{convert::Infallible, future::poll_fn, task::Poll, time::Duration};

use http::{HeaderMap, Request, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use tonic::body::Body;
use tower_service::Service;

use super::{
    super::Outcome,
    Sockets,
    answer::{Answer, refusal, trailers},
    call::Opening,
    close::End,
    exchange::{Exchange, broken},
    inbox::inbox,
    pulse::Pulse,
    wire::{Heard, Wire},
};
use crate::frames::block;

/// How long the last words have to leave where the call has not ended well.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What one socket needs.
pub(super) struct Session<S> {
    pub(super) service: S,
    pub(super) sockets: Sockets,
    pub(super) opening: Opening,
    /// What is added to the answer's headers.
    pub(super) headers: HeaderMap,
    pub(super) outcome: Outcome,
}

impl<S> Session<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    /// Done when the call has ended; what is left is to close the socket, where there is one.
    pub(super) async fn run(self, upgrade: OnUpgrade) -> Option<Closing> {
        let (sockets, outcome) = (self.sockets.clone(), self.outcome.clone());
        let limits = sockets.limits();
        let upgraded = timeout(limits.header_timeout, upgrade).await.ok()?;
        let upgraded = upgraded
            .inspect_err(|error| tracing::debug!(%error, "a socket was not opened"))
            .ok()?;
        let mut wire = Wire::new(TokioIo::new(upgraded), limits.header_bytes);
        let conversation = self.converse(&mut wire);
        let end = sockets
            .cutting_off()
            .run_until_cancelled(conversation)
            .await
            .unwrap_or(End::CutOff);
        tracing::debug!(?end, "a socket's call has ended");
        outcome.end(end.code());
        Some(Closing { wire, end, sockets })
    }

    async fn converse<T>(mut self, wire: &mut Wire<T>) -> End
    where
        T: AsyncRead + AsyncWrite + Unpin,
    {
        let block = match header_block(&self.sockets, wire).await {
            Ok(block) => block,
            Err(end) => return end,
        };
        let (inbox, body) = inbox();
        let request = match self.opening.call(block, body) {
            Ok(request) => request,
            Err(status) => {
                let trailers = refusal(&status, self.headers);
                self.outcome.sent(trailers.len());
                let said = poll_fn(|cx| Poll::Ready(wire.say(cx, trailers.clone()))).await;
                return broken(said).map_or_else(|end| end, |()| End::Answered(status.code()));
            }
        };
        let Ok(()) = poll_fn(|cx| self.service.poll_ready(cx)).await;
        Exchange {
            wire,
            inbox,
            answer: Answer::new(self.service.call(request), self.headers),
            outcome: &self.outcome,
            pulse: Pulse::new(self.sockets.limits()),
            heard_all: false,
        }
        .await
    }
}

/// A socket whose call has ended.
pub(super) struct Closing {
    wire: Wire<TokioIo<Upgraded>>,
    end: End,
    sockets: Sockets,
}

impl Closing {
    /// Done when the socket is closed.
    pub(super) async fn close(self) {
        let Self { wire, end, sockets } = self;
        let last = end
            .status(sockets.farewell())
            .map(|status| trailers(&status));
        match (end, end.close()) {
            (End::Answered(_), Some(close)) => {
                let closing = wire.close(None, close, sockets.limits().send_timeout);
                sockets.cutting_off().run_until_cancelled(closing).await;
            }
            (_, Some(close)) => wire.close(last, close, LAST_WORDS).await,
            (End::Gone, None) => wire.answer_goodbye().await,
            (_, None) => drop(wire),
        }
    }
}

async fn header_block<T>(sockets: &Sockets, wire: &mut Wire<T>) -> Result<HeaderMap, End>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let limits = sockets.limits();
    let heard = poll_fn(|cx| wire.poll_heard(cx));
    let heard = sockets.draining().run_until_cancelled(heard);
    let heard = timeout(limits.header_timeout, heard)
        .await
        .map_err(|_| End::NoHeaders)?
        .ok_or(End::GoingAway)?;
    let block = match broken(heard)? {
        Heard::Bytes(block) => block,
        Heard::Text => return Err(End::Violation("messages are binary")),
        Heard::Goodbye => return Err(End::Gone),
    };
    if block.is_empty() {
        return Err(End::Violation("the header block is empty"));
    }
    wire.allow(limits.message_bytes);
    block::parse(&block).map_err(|_| End::Violation("the header block can't be read"))
}
