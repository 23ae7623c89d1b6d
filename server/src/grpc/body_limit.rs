//! How many bytes one request may have in all, and how long it may take.
//!
//! One message has to be there within a time, however its bytes trickle in: otherwise whoever sends
//! one every few seconds holds a call's place. A request that is a stream of messages has as many bytes as its handler takes, each message
//! within tonic's limit, and a person may think between two of them. It ends at its deadline.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};
use tonic::Status;
use tower_layer::Layer;
use tower_service::Service;

use crate::http::BoxError;

/// Ends reading a request that is larger than this. tonic limits each message; a client that sends
/// one message after the other to a unary method would be read for ever.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimitLayer {
    /// How many bytes of body a request may have, gRPC's five-byte prefixes included.
    pub bytes: usize,
    /// How long it may take, from the first time that it has to be waited for.
    pub time: Duration,
    /// Whether the requests to this path are streams.
    pub takes_a_stream: fn(&str) -> bool,
    /// How long those may rest between two parts.
    pub rest_of_a_stream: Duration,
}

impl<S> Layer<S> for BodyLimitLayer {
    type Service = BodyLimit<S>;

    fn layer(&self, inner: S) -> Self::Service {
        BodyLimit {
            inner,
            layer: *self,
        }
    }
}

/// What [`BodyLimitLayer`] makes.
#[derive(Debug, Clone)]
pub struct BodyLimit<S> {
    inner: S,
    layer: BodyLimitLayer,
}

impl<S, Q> Service<Request<Q>> for BodyLimit<S>
where
    S: Service<Request<Limited<Q>>, Error = Infallible>,
{
    type Response = S::Response;
    type Error = Infallible;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let layer = self.layer;
        let is_stream = (layer.takes_a_stream)(request.uri().path());
        let (bytes, patience) = if is_stream {
            (usize::MAX, layer.rest_of_a_stream)
        } else {
            (layer.bytes, layer.time)
        };
        self.inner.call(request.map(|inner| Limited {
            inner,
            most: bytes,
            left: bytes,
            is_stream,
            patience,
            waiting: None,
        }))
    }
}

pin_project! {
    /// A body that fails with `RESOURCE_EXHAUSTED` when it goes over its limit, and with
    /// `DEADLINE_EXCEEDED` when it takes too long.
    #[derive(Debug)]
    pub struct Limited<B> {
        #[pin]
        inner: B,
        most: usize,
        left: usize,
        is_stream: bool,
        patience: Duration,
        waiting: Option<Pin<Box<Sleep>>>,
    }
}

impl<B> Body for Limited<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.project();
        let Poll::Ready(frame) = this.inner.poll_frame(cx) else {
            let patience = *this.patience;
            let waiting = this
                .waiting
                .get_or_insert_with(|| Box::pin(sleep(patience)));
            ready!(waiting.as_mut().poll(cx));
            return Poll::Ready(Some(Err(Box::new(Status::deadline_exceeded(
                "the request did not come in time",
            )))));
        };
        if *this.is_stream {
            *this.waiting = None;
        }
        let Some(frame) = frame else {
            return Poll::Ready(None);
        };
        let frame = frame.map_err(Into::into)?;
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        match this.left.checked_sub(bytes) {
            Some(left) => {
                *this.left = left;
                Poll::Ready(Some(Ok(frame)))
            }
            // No `RetryInfo`: the same request is no smaller the next time.
            None => Poll::Ready(Some(Err(Box::new(Status::resource_exhausted(format!(
                "the request is larger than the {} bytes that this server takes",
                this.most
            )))))),
        }
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

    use futures_util::stream::iter;
    use http_body_util::{BodyExt as _, StreamBody};
    use tonic::Code;

    use super::*;

    async fn read(parts: usize) -> Result<Bytes, Status> {
        let part = |_| Ok::<_, Infallible>(Frame::data(Bytes::from_static(b"0123456789")));
        let limited = Limited {
            inner: StreamBody::new(iter((0..parts).map(part))),
            most: 100,
            left: 100,
            is_stream: false,
            patience: Duration::from_secs(30),
            waiting: None,
        };
        match limited.collect().await {
            Ok(body) => Ok(body.to_bytes()),
            Err(error) => Err(Status::from_error(error)),
        }
    }

    #[tokio::test]
    async fn many_small_parts_are_bounded_together() {
        assert_eq!(read(10).await.expect("as much as may be").len(), 100);
        let status = read(11).await.expect_err("more than may be");
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert!(status.message().contains("100"), "{status:?}");
    }
}
