use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, header, request::Parts};
use http_body::{Body, Frame};
use send_wrapper::SendWrapper;
use tonic::Code;

use super::{
    super::{error::Error, response::CarrierBody},
    connection::Connection,
    sender,
};
use crate::{
    dialect::GRPC_WEB,
    frames::{Decoded, Decoder, header_block},
    status::GRPC_STATUS,
};

/// Calls the server at `origin`. The request begins with `first` and continues with `body`. Returns
/// when the response headers have arrived.
pub(in crate::client) async fn call(
    origin: &str,
    parts: Parts,
    first: Bytes,
    body: tonic::body::Body,
) -> Result<Response<CarrierBody>, Error> {
    // `http` becomes `ws`, `https` becomes `wss` (RFC 6455, section 3).
    let authority = origin.strip_prefix("http").unwrap_or(origin);
    let url = ["ws", authority, parts.uri.path()].concat();
    let connection = Connection::open(&url)?;
    let headers = header_block::encode_lines(&to_grpc_web(parts.headers)).freeze();
    sender::spawn(&connection, headers, first, body);
    let mut body = SocketBody {
        connection: SendWrapper::new(connection),
        decoder: Decoder::new(),
        chunk: Bytes::new(),
        has_status: false,
    };
    let headers = body.receive_headers().await?;
    body.has_status = headers.contains_key(GRPC_STATUS);
    let mut response = Response::new(Box::pin(body) as CarrierBody);
    *response.headers_mut() = headers;
    Ok(response)
}

fn to_grpc_web(mut headers: HeaderMap) -> HeaderMap {
    // `te: trailers` is for native gRPC only.
    headers.remove(header::TE);
    headers.insert(header::CONTENT_TYPE, GRPC_WEB);
    headers.insert("x-grpc-web", HeaderValue::from_static("1"));
    headers
}

/// The body of a response. Dropping it closes the socket, which cancels the call.
struct SocketBody {
    // Pages are single-threaded, but tonic requires response bodies to be `Send`.
    connection: SendWrapper<Connection>,
    decoder: Decoder,
    /// Received and not decoded yet.
    chunk: Bytes,
    has_status: bool,
}

impl SocketBody {
    async fn receive_headers(&mut self) -> Result<HeaderMap, Error> {
        match poll_fn(|cx| self.poll_decoded(cx)).await {
            Some(Ok(Decoded::HeaderBlock(headers))) => Ok(headers),
            Some(Ok(Decoded::Messages(_))) => Err(Error::missing_headers()),
            Some(Err(error)) => Err(error),
            None => Err(Error::missing_status(Code::Unavailable, None)),
        }
    }

    fn poll_decoded(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Decoded, Error>>> {
        loop {
            match self.decoder.decode(&mut self.chunk) {
                Ok(Some(decoded)) => return Poll::Ready(Some(Ok(decoded))),
                Ok(None) => {}
                Err(error) => return Poll::Ready(Some(Err(Error::invalid_frames(error)))),
            }
            match ready!(self.connection.poll_chunk(cx)) {
                Ok(Some(chunk)) => self.chunk = chunk,
                Ok(None) => return Poll::Ready(None),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl Body for SocketBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        if this.has_status {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(match ready!(this.poll_decoded(cx)) {
            Some(Ok(Decoded::Messages(bytes))) => Ok(Frame::data(bytes)),
            Some(Ok(Decoded::HeaderBlock(trailers))) => {
                this.has_status = true;
                Ok(Frame::trailers(trailers))
            }
            Some(Err(error)) => Err(error),
            None => {
                let received = Some(this.connection.received());
                Err(Error::missing_status(Code::Unavailable, received))
            }
        }))
    }
}
