//! How many bytes one request may have in all, and how long it may rest in between.

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

use super::BoxError;

/// Ends reading a request that is larger than this. tonic limits each message; a client that sends
/// one message after the other to a unary method would be read for ever.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimitLayer {
    bytes: usize,
    rest: Duration,
}

impl BodyLimitLayer {
    /// At most so many bytes of body a request, gRPC's five-byte prefixes included, and no longer
    /// than `rest` between two parts of it.
    #[must_use]
    pub fn new(bytes: usize, rest: Duration) -> Self {
        Self { bytes, rest }
    }
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
        let BodyLimitLayer { bytes, rest } = self.layer;
        self.inner.call(request.map(|inner| Limited {
            inner,
            most: bytes,
            left: bytes,
            rest,
            resting: None,
        }))
    }
}

pin_project! {
    /// A body that fails with `RESOURCE_EXHAUSTED` when it goes over its limit, and with
    /// `DEADLINE_EXCEEDED` when it rests for too long.
    #[derive(Debug)]
    pub struct Limited<B> {
        #[pin]
        inner: B,
        most: usize,
        left: usize,
        rest: Duration,
        resting: Option<Pin<Box<Sleep>>>,
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
            let rest = *this.rest;
            let resting = this.resting.get_or_insert_with(|| Box::pin(sleep(rest)));
            ready!(resting.as_mut().poll(cx));
            return Poll::Ready(Some(Err(Box::new(Status::deadline_exceeded(
                "the request did not go on",
            )))));
        };
        *this.resting = None;
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
            rest: Duration::from_secs(30),
            resting: None,
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
