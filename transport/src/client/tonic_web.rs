//! The second way: gRPC-Web by [`tonic_web_wasm_client`].
//!
//! Where it falls short of the first, each shown by a test of `tests/fetch.rs`:
//!
//! - An answer whose last chunk ends inside the trailers loses its status
//!   (devashishdxt/tonic-web-wasm-client#97), and ends in [`Reason::CutShort`](super::Reason).
//! - Trailers that repeat keep their last value only.
//! - An answer that is not gRPC has no HTTP status: `UNKNOWN`, whatever it was, and 0 for its number.
//! - A status in the headers counts, though a body with another follows.
//! - Metadata that is not ASCII fails the call before it is sent.
//! - How much came in before a connection broke is not said.
//!
//! Deadlines, which it does not count, are counted around it.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as _, Frame};
use tonic::Code;
pub(super) use tonic_web_wasm_client::Client;
use tonic_web_wasm_client::{Error as ClientError, ResponseBody};
use tower_service::Service as _;
use wasm_bindgen::JsValue;

use super::Error;

pub(super) async fn call(
    mut client: Client,
    request: Request<tonic::body::Body>,
) -> Result<Response<Answer>, Error> {
    let answer = client.call(request).await?;
    let ended = answer.headers().contains_key("grpc-status");
    Ok(answer.map(|body| Answer { body, ended }))
}

pub(super) struct Answer {
    body: ResponseBody,
    /// The status stands in the headers.
    ended: bool,
}

impl Answer {
    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body)
            .poll_frame(cx)
            .map(|frame| match frame {
                Some(Ok(frame)) => Some(Ok(frame)),
                // It takes the end of an answer without messages for one in the middle.
                Some(Err(ClientError::MalformedResponse)) | None if self.ended => None,
                Some(Err(error)) => Some(Err(error.into())),
                None => Some(Err(Error::cut_short(Code::Internal, None))),
            })
    }
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::JsError(message) => Self::unreachable(&JsValue::from_str(&message)),
            ClientError::MalformedResponse => Self::cut_short(Code::Internal, None),
            ClientError::TonicStatusError(status) => Self::request(status),
            ClientError::HeaderValueError(error) => {
                Self::refused(&JsValue::from_str(&error.to_string()))
            }
            _ => Self::not_grpc(0),
        }
    }
}
