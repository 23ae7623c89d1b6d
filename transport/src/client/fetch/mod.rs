//! gRPC-Web by `fetch`: unary calls and server streams.

mod chunks;
mod headers;
mod js;

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body::{Body as _, Frame};
use js_sys::Uint8Array;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestInit;

use self::chunks::{Abort, Chunks};
use super::Error;
use crate::frames::{Decoder, Piece};

const CONTENT_TYPE: &str = "application/grpc-web+proto";

/// Calls the server at `origin`. The answer is there when its headers are.
pub(super) async fn call(
    origin: &str,
    request: Request<tonic::body::Body>,
) -> Result<Response<Answer>, Error> {
    let (head, body) = request.into_parts();
    let message = collect(body).await?;
    // A stub may have been told an origin of its own: the channel's is the one that counts.
    let url = [origin, head.uri.path()].concat();

    let abort = Abort::new().map_err(|error| Error::refused(&error))?;
    let init = RequestInit::new();
    init.set_method("POST");
    let headers = headers::of_request(&head.headers).map_err(|error| Error::refused(&error))?;
    init.set_headers(&headers);
    init.set_body(&Uint8Array::from(&message[..]));
    init.set_signal(Some(&abort.signal()));
    let answer: js::Answer = JsFuture::from(js::fetch(&url, &init))
        .await
        .map_err(|error| Error::unreachable(&error))?
        .unchecked_into();

    let fields = headers::of_answer(&answer.headers());
    if !is_grpc_web(&fields) {
        return Err(Error::not_grpc(answer.status()));
    }
    let ended = fields.contains_key("grpc-status");
    let chunks = answer.body().map(|stream| Chunks::new(&stream, abort));
    let mut response = Response::new(Answer {
        chunks: SendWrapper::new(chunks),
        decoder: Decoder::new(),
        chunk: Bytes::new(),
        received: 0,
        ended,
    });
    *response.status_mut() = answer
        .status()
        .try_into()
        .map_err(|_| Error::not_grpc(answer.status()))?;
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

/// All of a request: browsers send bodies whole.
async fn collect(mut body: tonic::body::Body) -> Result<Bytes, Error> {
    let mut collected = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        if let Ok(data) = frame.map_err(Error::request)?.into_data() {
            collected.extend_from_slice(&data);
        }
    }
    Ok(collected.freeze())
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
    /// The status is known: from the headers where there is nothing else, or from the trailers.
    ended: bool,
}

impl Answer {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, JsValue>>> {
        match &mut *self.chunks {
            Some(chunks) => chunks.poll_next(cx),
            None => Poll::Ready(None),
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
            match ready!(self.poll_chunk(cx)) {
                Some(Ok(chunk)) => {
                    self.received += chunk.len() as u64;
                    self.chunk = chunk;
                }
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(Error::broken(&error, self.received))));
                }
                None if self.ended => return Poll::Ready(None),
                None => return Poll::Ready(Some(Err(Error::cut_short(Some(self.received))))),
            }
        }
    }
}
