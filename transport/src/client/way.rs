//! What carries a call.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Frame;

#[cfg(feature = "tonic-web-wasm-client")]
use super::tonic_web;
use super::{Error, fetch, gather::gather, socket};

/// What carries a call, for those who choose themselves: in the extensions of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Via {
    /// `fetch`: the request is collected before it is sent.
    Fetch,
    /// A `WebSocket`: request and answer are streams, both at once.
    WebSocket,
}

#[derive(Clone, Debug)]
pub(super) enum Way {
    Own {
        /// Without a slash at its end: paths begin with one.
        origin: Box<str>,
        /// The paths of the methods whose request is a stream.
        streaming: &'static [&'static str],
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
            Self::Own { origin, streaming } => {
                let chosen = choose(&request, streaming);
                let (head, mut body) = request.into_parts();
                let (first, is_stream) = match chosen {
                    Some(Via::WebSocket) => (Bytes::new(), true),
                    chosen => gather(&mut body, chosen.is_some()).await?,
                };
                Ok(if is_stream {
                    let answer = socket::call(&origin, head, first, body).await?;
                    answer.map(Answer::Socket)
                } else {
                    let answer = fetch::call(&origin, &head, &first).await?;
                    answer.map(Answer::Fetch)
                })
            }
            #[cfg(feature = "tonic-web-wasm-client")]
            Self::TonicWeb(client) => {
                let answer = tonic_web::call(client, request).await?;
                Ok(answer.map(Answer::TonicWeb))
            }
        }
    }
}

/// What was chosen for this call, or for its method; nothing where nobody knows the methods.
fn choose<B>(request: &Request<B>, streaming: &[&str]) -> Option<Via> {
    let chosen = request.extensions().get().copied();
    chosen.or_else(|| {
        let streams = streaming.contains(&request.uri().path());
        let way = if streams { Via::WebSocket } else { Via::Fetch };
        (!streaming.is_empty()).then_some(way)
    })
}

/// An answer, as its way has it.
pub(super) enum Answer {
    Fetch(fetch::Answer),
    Socket(socket::Answer),
    #[cfg(feature = "tonic-web-wasm-client")]
    TonicWeb(tonic_web::Answer),
}

impl Answer {
    /// How many messages have begun, where that is counted.
    pub(super) fn messages(&self) -> u32 {
        match self {
            Self::Fetch(answer) => answer.messages(),
            Self::Socket(answer) => answer.messages(),
            #[cfg(feature = "tonic-web-wasm-client")]
            Self::TonicWeb(_) => 1,
        }
    }

    pub(super) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        match self {
            Self::Fetch(answer) => answer.poll_frame(cx),
            Self::Socket(answer) => answer.poll_frame(cx),
            #[cfg(feature = "tonic-web-wasm-client")]
            Self::TonicWeb(answer) => answer.poll_frame(cx),
        }
    }
}
