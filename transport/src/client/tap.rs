//! What passes between a page and a server, told as it passes.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use send_wrapper::SendWrapper;
use tonic::{Code, body::Body as RequestBody};
use tower_service::Service;

use super::{Body, Channel, Error, status};
use crate::frames::Lengths;

/// Which way something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the page to the server.
    Sent,
    /// From the server to the page.
    Received,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Metadata before the messages.
    Headers,
    /// One message, with its prefix of five bytes.
    Message,
    /// The page sends no more.
    EndOfRequest,
    /// Metadata behind the messages, or all there is; with it the status.
    Trailers(Code),
}

/// Something has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Which way.
    pub direction: Direction,
    /// What.
    pub kind: Kind,
    /// How much: of metadata, what its fields take as lines of HTTP/1.1.
    pub bytes: u64,
}

type Ear = SendWrapper<Rc<dyn Fn(Passed)>>;

/// A [`Channel`] that tells what passes through it. A stub runs over it as over the channel.
#[derive(Clone)]
pub struct Tap {
    channel: Channel,
    ear: Ear,
}

impl Tap {
    /// Tells `ear`, call by call, in the order in which it passes.
    #[must_use]
    pub fn new(channel: Channel, ear: impl Fn(Passed) + 'static) -> Self {
        let ear: Rc<dyn Fn(Passed)> = Rc::new(ear);
        Self {
            channel,
            ear: SendWrapper::new(ear),
        }
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap")
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}

impl Service<Request<RequestBody>> for Tap {
    type Response = Response<Tapped<Body>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.channel.poll_ready(cx)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let ear = self.ear.clone();
        tell(
            &ear,
            Direction::Sent,
            Kind::Headers,
            lines(request.headers()),
        );
        let tapped =
            request.map(|body| RequestBody::new(Tapped::new(body, Direction::Sent, ear.clone())));
        let answer = self.channel.call(tapped);
        Box::pin(async move {
            let answer = answer.await?;
            let fields = answer.headers();
            let kind = status::code(fields).map_or(Kind::Headers, Kind::Trailers);
            tell(&ear, Direction::Received, kind, lines(fields));
            Ok(answer.map(|body| Tapped::new(body, Direction::Received, ear)))
        })
    }
}

/// A body that tells what passes through it.
pub struct Tapped<B> {
    body: B,
    direction: Direction,
    lengths: Lengths,
    ear: Ear,
}

impl<B> Tapped<B> {
    fn new(body: B, direction: Direction, ear: Ear) -> Self {
        Self {
            body,
            direction,
            lengths: Lengths::new(),
            ear,
        }
    }
}

impl<B: http_body::Body<Data = Bytes> + Unpin> http_body::Body for Tapped<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let Self {
            body,
            direction,
            lengths,
            ear,
        } = self.get_mut();
        let frame = ready!(Pin::new(body).poll_frame(cx));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    lengths.pass(data, |bytes| tell(ear, *direction, Kind::Message, bytes));
                } else if let Some(trailers) = frame.trailers_ref() {
                    let code = status::code(trailers).unwrap_or(Code::Unknown);
                    tell(ear, *direction, Kind::Trailers(code), lines(trailers));
                }
            }
            None if *direction == Direction::Sent => tell(ear, *direction, Kind::EndOfRequest, 0),
            Some(Err(_)) | None => {}
        }
        Poll::Ready(frame)
    }
}

fn tell(ear: &Ear, direction: Direction, kind: Kind, bytes: u64) {
    ear(Passed {
        direction,
        kind,
        bytes,
    });
}

fn lines(fields: &HeaderMap) -> u64 {
    let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        name.as_str().len() + value.len() + ": \r\n".len()
    };
    fields.iter().map(line).sum::<usize>() as u64
}
