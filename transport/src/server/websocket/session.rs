//! A socket from the upgrade to the close.

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
    super::outcome::Outcome,
    close_reason::CloseReason,
    connection::{Connection, Received},
    exchange::Exchange,
    keepalive::Keepalive,
    registry::SocketRegistry,
    request::Handshake,
    request_body::request_channel,
    response::{CallResponse, trailers, trailers_only},
};
use crate::frames::header_block;

/// How long queued data has to be accepted by the client if the call did not complete.
const ERROR_FLUSH_TIMEOUT: Duration = Duration::from_millis(500);

pub(super) struct Session<S> {
    pub(super) service: S,
    pub(super) registry: SocketRegistry,
    pub(super) handshake: Handshake,
    /// Added to the headers of the response.
    pub(super) extra_headers: HeaderMap,
    pub(super) outcome: Outcome,
}

impl<S> Session<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    /// Completes when the call has ended. Returns the socket that remains to be closed, if it was
    /// opened.
    pub(super) async fn run(self, upgrade: OnUpgrade) -> Option<EndedSession> {
        let (registry, outcome) = (self.registry.clone(), self.outcome.clone());
        let limits = &registry.shared().limits;
        let upgraded = timeout(limits.header_timeout, upgrade).await.ok()?;
        let upgraded = upgraded
            .inspect_err(|error| tracing::debug!(%error, "failed to open a WebSocket"))
            .ok()?;
        let mut connection = Connection::new(TokioIo::new(upgraded), limits.max_header_bytes);
        let reason = registry
            .shared()
            .abort
            .run_until_cancelled(self.run_call(&mut connection))
            .await
            .unwrap_or(CloseReason::Aborted);
        tracing::debug!(?reason, "a call over a WebSocket has ended");
        outcome.set_code(reason.code());
        Some(EndedSession {
            connection,
            reason,
            registry,
        })
    }

    async fn run_call<T>(mut self, connection: &mut Connection<T>) -> CloseReason
    where
        T: AsyncRead + AsyncWrite + Unpin,
    {
        let block = match read_header_block(&self.registry, connection).await {
            Ok(block) => block,
            Err(reason) => return reason,
        };
        let (sender, body) = request_channel();
        let request = match self.handshake.into_call(block, body) {
            Ok(request) => request,
            Err(status) => {
                let frame = trailers_only(&status, self.extra_headers);
                self.outcome.add_socket_bytes(frame.len());
                let sent = poll_fn(|cx| Poll::Ready(connection.send(cx, frame.clone()))).await;
                return match sent {
                    Ok(()) => CloseReason::Completed(status.code()),
                    Err(error) => error.into(),
                };
            }
        };
        let Ok(()) = poll_fn(|cx| self.service.poll_ready(cx)).await;
        Exchange {
            connection,
            request: sender,
            response: CallResponse::new(self.service.call(request), self.extra_headers),
            outcome: &self.outcome,
            keepalive: Keepalive::new(&self.registry.shared().limits),
            is_half_closed: false,
        }
        .await
    }
}

/// A socket whose call has ended.
pub(super) struct EndedSession {
    connection: Connection<TokioIo<Upgraded>>,
    reason: CloseReason,
    registry: SocketRegistry,
}

impl EndedSession {
    /// Completes when the socket is closed.
    pub(super) async fn close(self) {
        let Self {
            connection,
            reason,
            registry,
        } = self;
        match (reason, reason.close_frame()) {
            (CloseReason::Completed(_), Some(frame)) => {
                let close = connection.close(None, frame, registry.shared().limits.send_timeout);
                registry.shared().abort.run_until_cancelled(close).await;
            }
            (_, Some(frame)) => {
                let status = reason.trailing_status(&registry.shared().shutdown_status);
                let last = status.map(|status| trailers(&status));
                connection.close(last, frame, ERROR_FLUSH_TIMEOUT).await;
            }
            (CloseReason::Disconnected, None) => connection.finish_close().await,
            (_, None) => drop(connection),
        }
    }
}

async fn read_header_block<T>(
    registry: &SocketRegistry,
    connection: &mut Connection<T>,
) -> Result<HeaderMap, CloseReason>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let limits = &registry.shared().limits;
    let receive = poll_fn(|cx| connection.poll_receive(cx));
    let receive = registry.shared().shutdown.run_until_cancelled(receive);
    let received = timeout(limits.header_timeout, receive)
        .await
        .map_err(|_| CloseReason::HeaderTimeout)?
        .ok_or(CloseReason::ShuttingDown)??;
    let block = match received {
        Received::Binary(block) => block,
        Received::Text => return Err(CloseReason::Violation("messages must be binary")),
        Received::Close => return Err(CloseReason::Disconnected),
    };
    if block.is_empty() {
        return Err(CloseReason::Violation("empty header block"));
    }
    connection.set_max_grpc_message_bytes(limits.max_message_bytes);
    header_block::parse(&block).map_err(|_| CloseReason::Violation("invalid header block"))
}
