use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, request::Parts};
use http_body::{Body, Frame};
use js_sys::Uint8Array;
use send_wrapper::SendWrapper;
use tonic::Code;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::RequestInit;

use super::{
    super::{error::Error, response::CarrierBody},
    bindings::{self, fetch},
    byte_stream::{AbortOnDrop, ByteStream},
    headers,
};
use crate::{
    dialect::Dialect,
    frames::{Decoded, Decoder},
    status::GRPC_STATUS,
};

/// Calls the server at `origin` with a complete request. Returns when the response headers have
/// arrived and, if they contain a status, when it is known whether a body follows.
pub(in crate::client) async fn call(
    origin: &str,
    parts: &Parts,
    message: &[u8],
) -> Result<Response<CarrierBody>, Error> {
    let (response, abort) =
        send(origin, parts, message).map_err(|error| Error::invalid_request(&error))?;
    let response = response.await.map_err(|error| Error::unreachable(&error))?;
    let mut response = convert(response.unchecked_ref(), abort)?;
    if response.headers().contains_key(GRPC_STATUS) {
        // The status in the headers counts for a trailers-only response (PROTOCOL-HTTP2.md,
        // "Responses"). A response with a body has another one there, but stubs would use this one.
        if poll_fn(|cx| response.body_mut().poll_chunk(cx)).await? {
            response.headers_mut().remove(GRPC_STATUS);
        } else {
            response.body_mut().has_status = true;
        }
    }
    Ok(response.map(|body| -> CarrierBody { Box::pin(body) }))
}

fn send(origin: &str, parts: &Parts, message: &[u8]) -> Result<(JsFuture, AbortOnDrop), JsValue> {
    // Stubs may have an origin of their own; the channel's is used.
    let url = [origin, parts.uri.path()].concat();
    let abort = AbortOnDrop::new()?;
    let init = RequestInit::new();
    init.set_method("POST");
    let headers = headers::to_js(&parts.headers)?;
    init.set_headers(&headers);
    init.set_body(&Uint8Array::from(message));
    init.set_signal(Some(&abort.signal()));
    Ok((JsFuture::from(fetch(&url, &init)), abort))
}

fn convert(
    response: &bindings::Response,
    abort: AbortOnDrop,
) -> Result<Response<FetchBody>, Error> {
    let http_status = response.status();
    let headers = headers::from_js(&response.headers());
    if Dialect::from_headers(&headers) != Some(Dialect::Web) {
        return Err(Error::not_grpc(http_status));
    }
    let stream = response
        .body()
        .map(|stream| ByteStream::new(&stream, abort));
    let mut response = Response::new(FetchBody {
        stream: SendWrapper::new(stream),
        decoder: Decoder::new(),
        chunk: Bytes::new(),
        received: 0,
        http_status,
        has_status: false,
    });
    *response.status_mut() = http_status
        .try_into()
        .map_err(|_| Error::not_grpc(http_status))?;
    *response.headers_mut() = headers;
    Ok(response)
}

/// The body of a response. Dropping it aborts the call.
struct FetchBody {
    // Pages are single-threaded, but tonic requires response bodies to be `Send`.
    stream: SendWrapper<Option<ByteStream>>,
    decoder: Decoder,
    /// Received and not decoded yet.
    chunk: Bytes,
    /// Bytes received in total.
    received: u64,
    /// Decides the code if there is no gRPC status.
    http_status: u16,
    /// The gRPC status is known, from the trailers or from the headers.
    has_status: bool,
}

impl FetchBody {
    /// Receives the next chunk; `false` at the end of the body.
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, Error>> {
        let chunk = match &mut *self.stream {
            Some(stream) => ready!(stream.poll_next(cx)),
            None => None,
        };
        Poll::Ready(match chunk {
            Some(Ok(chunk)) => {
                self.received += chunk.len() as u64;
                self.chunk = chunk;
                Ok(true)
            }
            Some(Err(error)) => Err(Error::connection_lost(&error, self.received)),
            None => Ok(false),
        })
    }

    fn missing_status(&self) -> Error {
        match self.http_status {
            200 => Error::missing_status(Code::Internal, Some(self.received)),
            http => Error::not_grpc(http),
        }
    }
}

impl Body for FetchBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        loop {
            match this.decoder.decode(&mut this.chunk) {
                Ok(Some(Decoded::Messages(bytes))) => {
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Ok(Some(Decoded::HeaderBlock(trailers))) => {
                    this.has_status = true;
                    if let Some(stream) = &mut *this.stream {
                        stream.disarm_abort();
                    }
                    return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
                }
                Ok(None) => {}
                Err(error) => return Poll::Ready(Some(Err(Error::invalid_frames(error)))),
            }
            match ready!(this.poll_chunk(cx)) {
                Ok(true) => {}
                Ok(false) if this.has_status => return Poll::Ready(None),
                Ok(false) => return Poll::Ready(Some(Err(this.missing_status()))),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}
