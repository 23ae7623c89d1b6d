//! gRPC-Web by `fetch`: unary calls and server streams.

mod chunks;
mod headers;
mod js;

use std::{
    future::poll_fn,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, header, request::Parts};
use http_body::Frame;
use js_sys::Uint8Array;
use send_wrapper::SendWrapper;
use tonic::Code;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestInit;

use self::chunks::{Abort, Chunks};
use super::{Error, status::STATUS};
use crate::frames::{Decoder, Piece};

const CONTENT_TYPE: &str = "application/grpc-web+proto";

/// Calls the server at `origin`; browsers send requests whole. The answer is there when its headers
/// are; or, where a status is
/// among them, when it is known whether anything follows.
pub(super) async fn call(
    origin: &str,
    head: &Parts,
    message: &[u8],
) -> Result<Response<Answer>, Error> {
    let (answer, abort) = ask(origin, head, message).map_err(|error| Error::refused(&error))?;
    let answer = answer.await.map_err(|error| Error::unreachable(&error))?;
    let mut response = begin(answer.unchecked_ref(), abort)?;
    if response.headers().contains_key("grpc-status") {
        // It is the call's where it is all there is (`PROTOCOL-HTTP2.md`, «Trailers-Only»). A body
        // has one of its own, but stubs would take this one.
        if poll_fn(|cx| response.body_mut().poll_more(cx)).await? {
            response.headers_mut().remove(STATUS);
        } else {
            response.body_mut().ended = true;
        }
    }
    Ok(response)
}

/// Sends a request.
fn ask(origin: &str, head: &Parts, message: &[u8]) -> Result<(JsFuture, Abort), JsValue> {
    // A stub may have been told an origin of its own: the channel's is the one that counts.
    let url = [origin, head.uri.path()].concat();
    let abort = Abort::new()?;
    let init = RequestInit::new();
    init.set_method("POST");
    let headers = headers::of_request(&head.headers)?;
    init.set_headers(&headers);
    init.set_body(&Uint8Array::from(message));
    init.set_signal(Some(&abort.signal()));
    Ok((JsFuture::from(js::fetch(&url, &init)), abort))
}

/// What has been answered so far.
fn begin(answer: &js::Answer, abort: Abort) -> Result<Response<Answer>, Error> {
    let http = answer.status();
    let fields = headers::of_answer(&answer.headers());
    if !is_grpc_web(&fields) {
        return Err(Error::not_grpc(http));
    }
    let chunks = answer.body().map(|stream| Chunks::new(&stream, abort));
    let mut response = Response::new(Answer {
        chunks: SendWrapper::new(chunks),
        decoder: Decoder::new(),
        chunk: Bytes::new(),
        received: 0,
        http,
        ended: false,
    });
    *response.status_mut() = http.try_into().map_err(|_| Error::not_grpc(http))?;
    *response.headers_mut() = fields;
    Ok(response)
}

fn is_grpc_web(fields: &HeaderMap) -> bool {
    let value = fields.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let essence = value
        .unwrap_or_default()
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii_end();
    [CONTENT_TYPE, "application/grpc-web"]
        .iter()
        .any(|ours| essence.eq_ignore_ascii_case(ours.as_bytes()))
}

/// An answer as it comes in. Dropping it aborts the call.
pub(super) struct Answer {
    // A browser's page has one thread; tonic wants what it keeps to be `Send` all the same.
    chunks: SendWrapper<Option<Chunks>>,
    decoder: Decoder,
    /// What came in and has not been decoded.
    chunk: Bytes,
    /// How many bytes came in.
    received: u64,
    /// The HTTP status: what counts where there is no other.
    http: u16,
    /// The status is known: from the headers where there is nothing else, or from the trailers.
    ended: bool,
}

impl Answer {
    pub(super) fn messages(&self) -> u32 {
        self.decoder.messages()
    }

    /// Takes in what comes next; `false` after the last.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, Error>> {
        let chunk = match &mut *self.chunks {
            Some(chunks) => ready!(chunks.poll_next(cx)),
            None => None,
        };
        Poll::Ready(match chunk {
            Some(Ok(chunk)) => {
                self.received += chunk.len() as u64;
                self.chunk = chunk;
                Ok(true)
            }
            Some(Err(error)) => Err(Error::broken(&error, self.received)),
            None => Ok(false),
        })
    }

    /// Why it has ended well by HTTP, and not by gRPC.
    fn without_status(&self) -> Error {
        match self.http {
            200 => Error::cut_short(Code::Internal, Some(self.received)),
            http => Error::not_grpc(http),
        }
    }

    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        loop {
            match self.decoder.decode(&mut self.chunk) {
                Ok(Some(Piece::Messages(bytes))) => {
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Ok(Some(Piece::Block(trailers))) => {
                    self.ended = true;
                    if let Some(chunks) = &mut *self.chunks {
                        chunks.complete();
                    }
                    return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
                }
                Ok(None) => {}
                Err(error) => return Poll::Ready(Some(Err(Error::malformed(error)))),
            }
            match ready!(self.poll_more(cx)) {
                Ok(true) => {}
                Ok(false) if self.ended => return Poll::Ready(None),
                Ok(false) => return Poll::Ready(Some(Err(self.without_status()))),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}
