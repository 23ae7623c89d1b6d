//! Unary and server-streaming calls with the crate [`tonic_web_wasm_client`].
//!
//! Limitations of version 0.9.2 compared with `fetch/`, each shown by a test in `tests/fetch`:
//!
//! - A response whose last chunk ends inside the trailers frame loses its status
//!   (devashishdxt/tonic-web-wasm-client#97) and ends with
//!   [`Reason::MissingStatus`](super::Reason::MissingStatus).
//! - Only the last value of repeated trailers is kept.
//! - The HTTP status of a response that is not gRPC is lost: the code is always `UNKNOWN` and the
//!   HTTP status 0.
//! - A status in the headers takes precedence over one in the body.
//! - Metadata that is not ASCII fails the call before it is sent.
//! - When the connection is lost, the number of bytes received is unknown.
//!
//! It does not enforce deadlines; [`Channel`](super::Channel) does.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use http_body::{Body, Frame};
use http_body_util::Full;
use tonic::Code;
use tonic_web_wasm_client::{Client, Error as ClientError, ResponseBody};
use tower_service::Service as _;
use wasm_bindgen::JsValue;

use super::{error::Error, response::CarrierBody};
use crate::status::GRPC_STATUS;

pub(super) async fn call(
    origin: &str,
    parts: Parts,
    message: Bytes,
) -> Result<Response<CarrierBody>, Error> {
    let request = Request::from_parts(parts, tonic::body::Body::new(Full::new(message)));
    let mut client = Client::new(origin.to_owned());
    let response = client.call(request).await.map_err(convert_error)?;
    let is_trailers_only = response.headers().contains_key(GRPC_STATUS);
    Ok(response.map(|body| -> CarrierBody {
        Box::pin(ConvertedBody {
            body,
            is_trailers_only,
        })
    }))
}

struct ConvertedBody {
    body: ResponseBody,
    /// The status is in the headers.
    is_trailers_only: bool,
}

impl Body for ConvertedBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body)
            .poll_frame(cx)
            .map(|frame| match frame {
                Some(Ok(frame)) => Some(Ok(frame)),
                // The crate reports the end of a body without messages as malformed.
                Some(Err(ClientError::MalformedResponse)) | None if self.is_trailers_only => None,
                Some(Err(error)) => Some(Err(convert_error(error))),
                None => Some(Err(Error::missing_status(Code::Internal, None))),
            })
    }
}

fn convert_error(error: ClientError) -> Error {
    match error {
        ClientError::JsError(message) => Error::unreachable(&JsValue::from_str(&message)),
        ClientError::MalformedResponse => Error::missing_status(Code::Internal, None),
        ClientError::TonicStatusError(status) => Error::request(status),
        ClientError::HeaderValueError(error) => {
            Error::invalid_request(&JsValue::from_str(&error.to_string()))
        }
        _ => Error::not_grpc(0),
    }
}
