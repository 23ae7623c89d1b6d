//! What carries a call.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;

#[cfg(feature = "tonic-web-wasm-client")]
use super::tonic_web;
use super::{Error, fetch};

#[derive(Clone, Debug)]
pub(super) enum Way {
    Fetch {
        origin: Box<str>,
    },
    #[cfg(feature = "tonic-web-wasm-client")]
    TonicWeb(tonic_web::Client),
}

impl Way {
    pub(super) async fn call(
        self,
        request: Request<tonic::body::Body>,
    ) -> Result<Response<Answer>, Error> {
        match self {
            Self::Fetch { origin } => {
                let answer = fetch::call(&origin, request).await?;
                Ok(answer.map(Answer::Fetch))
            }
            #[cfg(feature = "tonic-web-wasm-client")]
            Self::TonicWeb(client) => {
                let answer = tonic_web::call(client, request).await?;
                Ok(answer.map(Answer::TonicWeb))
            }
        }
    }
}

/// An answer, as its way has it.
pub(super) enum Answer {
    Fetch(fetch::Answer),
    #[cfg(feature = "tonic-web-wasm-client")]
    TonicWeb(tonic_web::Answer),
}

impl Answer {
    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match self {
            Self::Fetch(answer) => answer.poll_frame(cx),
            #[cfg(feature = "tonic-web-wasm-client")]
            Self::TonicWeb(answer) => answer.poll_frame(cx),
        }
    }
}
