//! One log line per request, written when it has ended. tower-http's `TraceLayer` logs headers and the
//! end of a body separately, and supports neither gRPC-Web trailers nor calls over WebSockets.

mod entry;

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use frontdesk_transport::server::websocket::UpgradedCall;
use http::{Request, Response};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tower_service::Service;
use tracing::Span;

use self::entry::Entry;
use super::request_id;

/// Logs every request, and runs it in a span with its id.
#[derive(Debug, Clone)]
pub struct AccessLog<S>(pub S);

impl<S, Q, R> Service<Request<Q>> for AccessLog<S>
where
    S: Service<Request<Q>, Response = Response<R>>,
    R: Body<Data = Bytes>,
{
    type Response = Response<LoggedBody<R>>;
    type Error = S::Error;
    type Future = LoggedFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        // The highest level: no filter for lines inside the span can exclude the span itself.
        let span = match request_id::of(request.extensions()) {
            Some(id) => tracing::error_span!("request", %id),
            None => Span::none(),
        };
        let entry = Entry::new(&request);
        let inner = span.in_scope(|| self.0.call(request));
        LoggedFuture { inner, span, entry }
    }
}

pin_project! {
    #[derive(Debug)]
    pub struct LoggedFuture<F> {
        #[pin]
        inner: F,
        span: Span,
        entry: Option<Entry>,
    }
}

impl<F, R, E> Future for LoggedFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body<Data = Bytes>,
{
    type Output = Result<Response<LoggedBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = {
            let _entered = this.span.enter();
            ready!(this.inner.poll(cx))?
        };
        let (parts, inner) = response.into_parts();
        let mut entry = this.entry.take();
        if let Some(entry) = &mut entry {
            entry.record_headers(parts.status, &parts.headers, &parts.extensions);
            // hyper does not poll an empty body.
            if inner.is_end_stream() {
                entry.complete();
            }
        }
        if let Some(upgraded) = parts.extensions.get::<UpgradedCall>()
            && let Some(mut entry) = entry.take()
        {
            entry.record_upgrade();
            upgraded.hold_until_call_ends(entry);
        }
        let span = std::mem::replace(this.span, Span::none());
        let body = LoggedBody { inner, span, entry };
        Poll::Ready(Ok(Response::from_parts(parts, body)))
    }
}

pin_project! {
    #[derive(Debug)]
    pub struct LoggedBody<B> {
        #[pin]
        inner: B,
        span: Span,
        entry: Option<Entry>,
    }
}

impl<B: Body<Data = Bytes>> Body for LoggedBody<B> {
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
        if let Some(entry) = this.entry {
            match &frame {
                Some(Ok(frame)) => {
                    entry.record_data(frame.data_ref().map_or(0, Bytes::len));
                    if let Some(trailers) = frame.trailers_ref() {
                        entry.record_grpc_status(trailers);
                    }
                    // hyper does not poll again after the last frame.
                    if this.inner.is_end_stream() {
                        entry.complete();
                    }
                }
                None => entry.complete(),
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

    use http::HeaderValue;
    use http_body_util::{BodyExt as _, Full};
    use tower::ServiceExt as _;
    use tower_http::request_id::RequestId;

    use super::*;
    use crate::telemetry::testing::Log;

    struct WarningBody(Full<Bytes>);

    impl Body for WarningBody {
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
    async fn log_lines_of_a_request_contain_its_id() {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::WARN)
            .with_writer(log.clone())
            .finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let inner = tower::service_fn(|_: Request<()>| async {
            tracing::warn!("in the handler");
            Ok::<_, Infallible>(Response::new(WarningBody(Full::default())))
        });
        let mut request = Request::new(());
        let id = RequestId::new(HeaderValue::from_static("0badcafe-1"));
        request.extensions_mut().insert(id);
        let Ok(response) = AccessLog(inner).oneshot(request).await;
        let Ok(_) = response.into_body().collect().await;

        let log = log.text();
        let lines: Vec<_> = log.lines().collect();
        assert_eq!(lines.len(), 2, "{log}");
        assert!(
            lines.iter().all(|line| line.contains("0badcafe-1")),
            "{log}"
        );
    }
}
