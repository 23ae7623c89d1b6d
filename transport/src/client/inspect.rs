//! Reports what a channel sends and receives.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use http_body::Frame;
use send_wrapper::SendWrapper;
use tonic::{Code, body::Body};
use tower_service::Service;

use super::{channel::Channel, error::Error, response::ResponseBody};
use crate::{frames::FrameScanner, status};

/// The direction of a [`WireEvent`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    Sent,
    /// From the server to the client.
    Received,
}

/// What was sent or received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireEventKind {
    /// Metadata before the messages.
    Headers,
    /// A complete message with its prefix of five bytes.
    Message,
    /// The end of the request.
    EndOfRequest,
    /// Metadata after the messages, or of a trailers-only response, with the status.
    Trailers(Code),
}

/// Something was sent or received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireEvent {
    /// The direction.
    pub direction: Direction,
    /// What it was.
    pub kind: WireEventKind,
    /// Its size in bytes; for metadata the size of its fields as HTTP/1.1 lines.
    pub bytes: u64,
}

type Observer = SendWrapper<Rc<dyn Fn(WireEvent)>>;

/// A [`Channel`] that reports what it sends and receives. Stubs run over it as over the channel.
#[derive(Clone)]
pub struct InspectedChannel {
    channel: Channel,
    observer: Observer,
}

impl InspectedChannel {
    /// Calls `observer` for every event of every call, in order.
    #[must_use]
    pub fn new(channel: Channel, observer: impl Fn(WireEvent) + 'static) -> Self {
        let observer: Rc<dyn Fn(WireEvent)> = Rc::new(observer);
        Self {
            channel,
            observer: SendWrapper::new(observer),
        }
    }
}

impl fmt::Debug for InspectedChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectedChannel")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl Service<Request<Body>> for InspectedChannel {
    type Response = Response<InspectedBody<ResponseBody>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.channel.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let observer = self.observer.clone();
        observer(WireEvent {
            direction: Direction::Sent,
            kind: WireEventKind::Headers,
            bytes: size(request.headers()),
        });
        let request = request
            .map(|body| Body::new(InspectedBody::new(body, Direction::Sent, observer.clone())));
        let response = self.channel.call(request);
        Box::pin(async move {
            let response = response.await?;
            let headers = response.headers();
            observer(WireEvent {
                direction: Direction::Received,
                kind: status::code(headers).map_or(WireEventKind::Headers, WireEventKind::Trailers),
                bytes: size(headers),
            });
            Ok(response.map(|body| InspectedBody::new(body, Direction::Received, observer)))
        })
    }
}

/// A body that reports its messages, trailers and end.
pub struct InspectedBody<B> {
    body: B,
    direction: Direction,
    scanner: FrameScanner,
    observer: Observer,
}

impl<B> InspectedBody<B> {
    fn new(body: B, direction: Direction, observer: Observer) -> Self {
        Self {
            body,
            direction,
            scanner: FrameScanner::new(),
            observer,
        }
    }
}

impl<B: http_body::Body<Data = Bytes> + Unpin> http_body::Body for InspectedBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let Self {
            body,
            direction,
            scanner,
            observer,
        } = self.get_mut();
        let report = |kind, bytes| {
            observer(WireEvent {
                direction: *direction,
                kind,
                bytes,
            });
        };
        let frame = ready!(Pin::new(body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    scanner.scan(data, |bytes| report(WireEventKind::Message, bytes));
                } else if let Some(trailers) = frame.trailers_ref() {
                    let code = status::code(trailers).unwrap_or(Code::Unknown);
                    report(WireEventKind::Trailers(code), size(trailers));
                }
            }
            None if *direction == Direction::Sent => report(WireEventKind::EndOfRequest, 0),
            Some(Err(_)) | None => {}
        }
        Poll::Ready(frame)
    }
}

fn size(fields: &HeaderMap) -> u64 {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        name.as_str().len() + value.len() + ": \r\n".len()
    };
    fields.iter().map(line).sum::<usize>() as u64
}
