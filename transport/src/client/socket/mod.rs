//! `grpc-websockets`: calls whose request is a stream, each over a `WebSocket` of its own.
//!
//! The wire is that of improbable-eng/grpc-web: the header block as the first message, then `0x00`
//! and bytes of frames, then `0x01` when the request has ended; the answer comes as a block, frames
//! and a block, in pieces of any size.

mod closed;
mod inbox;
mod link;
mod outbox;

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, header, request::Parts};
use http_body::Frame;
use send_wrapper::SendWrapper;
use tonic::Code;

use self::link::Link;
use super::Error;
use crate::frames::{Decoder, Piece, block};

/// Calls the server at `origin`, with a request that begins with `first`. The answer is there when its headers are.
pub(super) async fn call(
    origin: &str,
    head: Parts,
    first: Bytes,
    body: tonic::body::Body,
) -> Result<Response<Answer>, Error> {
    // `http` becomes `ws`, `https` becomes `wss` (RFC 6455, section 3).
    let url = [
        "ws",
        origin.strip_prefix("http").unwrap_or(origin),
        head.uri.path(),
    ]
    .concat();
    let link = Link::open(&url)?;
    let fields = block::lines(&fields(head.headers)).freeze();
    outbox::start(&link, fields, first, body);
    let mut answer = Answer {
        link: SendWrapper::new(link),
        decoder: Decoder::new(),
        chunk: Bytes::new(),
        ended: false,
    };
    let fields = answer.headers().await?;
    answer.ended = fields.contains_key("grpc-status");
    let mut response = Response::new(answer);
    *response.headers_mut() = fields;
    Ok(response)
}

/// What a call is sent with: its own fields, and those that say what it is.
fn fields(mut fields: HeaderMap) -> HeaderMap {
    // It belongs to HTTP/2, where it says that trailers are understood.
    fields.remove(header::TE);
    let content_type = HeaderValue::from_static("application/grpc-web+proto");
    fields.insert(header::CONTENT_TYPE, content_type);
    fields.insert("x-grpc-web", HeaderValue::from_static("1"));
    fields
}

/// An answer as it comes in. Dropping it closes the socket, and with it ends the call.
pub(super) struct Answer {
    // A browser's page has one thread; tonic wants what it keeps to be `Send` all the same.
    link: SendWrapper<Link>,
    decoder: Decoder,
    /// What came in and has not been decoded.
    chunk: Bytes,
    /// The status is known.
    ended: bool,
}

impl Answer {
    pub(super) fn messages(&self) -> u32 {
        self.decoder.messages()
    }

    async fn headers(&mut self) -> Result<HeaderMap, Error> {
        match std::future::poll_fn(|cx| self.poll_piece(cx)).await {
            Some(Ok(Piece::Block(fields))) => Ok(fields),
            Some(Ok(Piece::Messages(_))) => Err(Error::out_of_order()),
            Some(Err(error)) => Err(error),
            None => Err(Error::cut_short(Code::Unavailable, None)),
        }
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Piece, Error>>> {
        loop {
            match self.decoder.decode(&mut self.chunk) {
                Ok(Some(piece)) => return Poll::Ready(Some(Ok(piece))),
                Ok(None) => {}
                Err(error) => return Poll::Ready(Some(Err(Error::malformed(error)))),
            }
            match ready!(self.link.poll_chunk(cx)) {
                Ok(Some(chunk)) => self.chunk = chunk,
                Ok(None) => return Poll::Ready(None),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }

    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(match ready!(self.poll_piece(cx)) {
            Some(Ok(Piece::Messages(bytes))) => Ok(Frame::data(bytes)),
            Some(Ok(Piece::Block(trailers))) => {
                self.ended = true;
                Ok(Frame::trailers(trailers))
            }
            Some(Err(error)) => Err(error),
            None => {
                let received = Some(self.link.received());
                Err(Error::cut_short(Code::Unavailable, received))
            }
        }))
    }
}
