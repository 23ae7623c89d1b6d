//! One line a request, when it has ended: what was asked, what was answered, how long it took.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use bytes::Bytes;
use frontdesk_transport::{
    dialect::Dialect,
    server::{Outcome, websocket::UpgradedCall},
};
use http::{HeaderMap, Method, Request, Response, StatusCode, Uri};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tonic::Code;
use tower_layer::Layer;
use tower_service::Service;
use tracing::Span;

use crate::request_id::RequestId;

/// The longest path that is written down.
const PATH_LENGTH: usize = 200;

/// Writes an access line for every request, and gives what happens inside its span.
#[derive(Debug, Clone, Copy, Default)]
pub struct AccessLayer;

impl<S> Layer<S> for AccessLayer {
    type Service = Access<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Access(inner)
    }
}

/// What [`AccessLayer`] makes.
#[derive(Debug, Clone)]
pub struct Access<S>(S);

impl<S, Q, R> Service<Request<Q>> for Access<S>
where
    S: Service<Request<Q>, Response = Response<R>>,
    R: Body<Data = Bytes>,
{
    type Response = Response<Watched<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let id = request.extensions().get::<RequestId>().copied();
        // Of the highest level: whatever is let through of what happens inside has the id.
        let span = match id {
            Some(id) => tracing::error_span!("request", %id),
            None => Span::none(),
        };
        let line = Line {
            began: Instant::now(),
            id,
            method: request.method().clone(),
            uri: request.uri().clone(),
            status: None,
            is_grpc: Dialect::from_headers(request.headers()).is_some(),
            grpc_status: None,
            outcome: None,
            bytes: 0,
            ended: false,
        };
        let inner = span.in_scope(|| self.0.call(request));
        ResponseFuture {
            inner,
            span,
            line: Some(line),
        }
    }
}

/// What is known of a request so far; written down when it is dropped.
#[derive(Debug)]
struct Line {
    began: Instant,
    id: Option<RequestId>,
    method: Method,
    uri: Uri,
    status: Option<StatusCode>,
    is_grpc: bool,
    grpc_status: Option<Code>,
    outcome: Option<Outcome>,
    bytes: u64,
    ended: bool,
}

impl Line {
    fn note_grpc_status(&mut self, headers: &HeaderMap) {
        if let Some(status) = headers.get("grpc-status") {
            self.grpc_status = Some(Code::from_bytes(status.as_bytes()));
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let grpc_status = self
            .grpc_status
            .or_else(|| self.outcome.as_ref().and_then(Outcome::code))
            // Dropped before its end: the peer has gone, or said that it wants no more.
            .or((self.is_grpc && !self.ended).then_some(Code::Cancelled));
        let path = self.uri.path();
        let path = &path[..path.floor_char_boundary(PATH_LENGTH)];
        let elapsed_us = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let bytes = self.bytes + self.outcome.as_ref().map_or(0, Outcome::socket_bytes);
        tracing::info!(
            target: "frontdesk::access",
            id = self.id.map(tracing::field::display),
            method = self.method.as_str(),
            path,
            status = self.status.map(|status| status.as_u16()),
            grpc.status = grpc_status.map(name),
            bytes,
            elapsed_us,
        );
    }
}

/// A status as the specification spells it (grpc/doc/statuscodes.md).
fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

pin_project! {
    /// An answer on its way.
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        span: Span,
        line: Option<Line>,
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body<Data = Bytes>,
{
    type Output = Result<Response<Watched<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = {
            let _entered = this.span.enter();
            ready!(this.inner.poll(cx))?
        };
        let (parts, inner) = response.into_parts();
        let mut line = this.line.take();
        if let Some(line) = &mut line {
            line.status = Some(parts.status);
            line.outcome = parts.extensions.get().cloned();
            line.note_grpc_status(&parts.headers);
            // hyper does not ask an empty body for its end.
            line.ended = inner.is_end_stream();
        }
        // A socket's call only begins with this answer.
        if let Some(ongoing) = parts.extensions.get::<UpgradedCall>()
            && let Some(mut line) = line.take()
        {
            line.is_grpc = true;
            line.ended = false;
            ongoing.hold_until_call_ends(line);
        }
        let span = std::mem::replace(this.span, Span::none());
        Poll::Ready(Ok(Response::from_parts(
            parts,
            Watched { inner, span, line },
        )))
    }
}

pin_project! {
    /// A body whose end is noted.
    #[derive(Debug)]
    pub struct Watched<B> {
        #[pin]
        inner: B,
        span: Span,
        line: Option<Line>,
    }
}

impl<B: Body<Data = Bytes>> Body for Watched<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let mut this = self.project();
        let frame = {
            let _entered = this.span.enter();
            ready!(this.inner.as_mut().poll_frame(cx))
        };
        if let Some(line) = this.line {
            match &frame {
                Some(Ok(frame)) => {
                    line.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
                    if let Some(trailers) = frame.trailers_ref() {
                        line.note_grpc_status(trailers);
                    }
                    // hyper does not ask again where this says that it was the last.
                    line.ended |= this.inner.is_end_stream();
                }
                None => line.ended = true,
                Some(Err(_)) => {}
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http_body_util::{BodyExt as _, Full};
    use tower::ServiceExt as _;

    use super::*;
    use crate::telemetry::testing::Log;

    /// Complains whenever it is asked.
    struct Complains(Full<Bytes>);

    impl Body for Complains {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            tracing::warn!("in the body");
            Pin::new(&mut self.0).poll_frame(cx)
        }
    }

    #[tokio::test]
    async fn what_is_said_inside_of_a_request_has_its_id() {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::WARN)
            .with_writer(log.clone())
            .finish();
        let _subscribed = tracing::subscriber::set_default(subscriber);
        let inner = tower::service_fn(|_: Request<()>| async {
            tracing::warn!("in the handler");
            Ok::<_, Infallible>(Response::new(Complains(Full::default())))
        });
        let mut request = Request::new(());
        let id = RequestId::next();
        request.extensions_mut().insert(id);
        let Ok(answer) = AccessLayer.layer(inner).oneshot(request).await;
        let Ok(_) = answer.into_body().collect().await;

        let log = log.text();
        let lines: Vec<_> = log.lines().collect();
        assert_eq!(lines.len(), 2, "{log}");
        assert!(
            lines.iter().all(|line| line.contains(&id.to_string())),
            "{log}"
        );
    }
}
