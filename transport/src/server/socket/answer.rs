//! What the handler says, as frames for the socket.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, TRANSFER_ENCODING},
    response,
};
use http_body::Body as _;
use tonic::{Code, Status, body::Body};

use crate::{frames::block, http_status};

const GRPC_WEB: HeaderValue = HeaderValue::from_static("application/grpc-web+proto");
/// How much of what is there at once is said as one: a browser has work to do for each message of
/// a socket, however few bytes are in it.
const TOGETHER: usize = 64 * 1024;

/// What is to be said next.
#[derive(Debug)]
pub(super) enum Said {
    /// A part of the answer.
    Part(Bytes),
    /// The last part, and the status in it.
    Last(Bytes, Code),
}

impl Said {
    fn bytes(&self) -> &Bytes {
        match self {
            Self::Part(bytes) | Self::Last(bytes, _) => bytes,
        }
    }
}

/// A call's answer, from the moment that it was asked for.
pub(super) enum Answer<F> {
    Awaited {
        future: Pin<Box<F>>,
        /// What is added to the headers.
        headers: HeaderMap,
    },
    Streaming(Body),
}

impl<F> Answer<F>
where
    F: Future<Output = Result<Response<Body>, Infallible>>,
{
    pub(super) fn new(future: F, headers: HeaderMap) -> Self {
        Self::Awaited {
            future: Box::pin(future),
            headers,
        }
    }

    /// Not to be polled again after [`Said::Last`].
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Said> {
        match self {
            Self::Awaited { future, headers } => {
                let Ok(response) = ready!(future.as_mut().poll(cx));
                let (mut parts, body) = response.into_parts();
                parts.headers.extend(std::mem::take(headers));
                if let Some(code) = only_a_status(&mut parts) {
                    return Poll::Ready(Said::Last(block::frame(&parts.headers), code));
                }
                *self = Self::Streaming(body);
                Poll::Ready(Said::Part(block::frame(&parts.headers)))
            }
            Self::Streaming(body) => together(body, cx),
        }
    }
}

/// As many parts as are there, up to [`TOGETHER`]; the client's parser takes them in any size.
fn together(body: &mut Body, cx: &mut Context<'_>) -> Poll<Said> {
    let first = match ready!(next(body, cx)) {
        Said::Part(bytes) if bytes.len() < TOGETHER => bytes,
        whole => return Poll::Ready(whole),
    };
    let Poll::Ready(second) = next(body, cx) else {
        return Poll::Ready(Said::Part(first));
    };
    let mut said = BytesMut::with_capacity(first.len() + second.bytes().len());
    said.extend_from_slice(&first);
    let mut more = second;
    loop {
        said.extend_from_slice(more.bytes());
        if let Said::Last(_, code) = more {
            return Poll::Ready(Said::Last(said.freeze(), code));
        }
        if said.len() >= TOGETHER {
            return Poll::Ready(Said::Part(said.freeze()));
        }
        match next(body, cx) {
            Poll::Ready(next) => more = next,
            Poll::Pending => return Poll::Ready(Said::Part(said.freeze())),
        }
    }
}

fn next(body: &mut Body, cx: &mut Context<'_>) -> Poll<Said> {
    Poll::Ready(match ready!(Pin::new(body).poll_frame(cx)) {
        Some(Ok(frame)) => match frame.into_data() {
            Ok(bytes) => Said::Part(bytes),
            Err(frame) => {
                let trailers = frame.into_trailers().unwrap_or_default();
                Said::Last(block::frame(&trailers), code(&trailers))
            }
        },
        Some(Err(status)) => Said::Last(trailers(&status), status.code()),
        None => {
            let status = Status::unknown("the answer ended without a status");
            Said::Last(trailers(&status), status.code())
        }
    })
}

/// The frame of an answer that is nothing but this, with what is added to headers.
pub(super) fn refusal(status: &Status, mut headers: HeaderMap) -> Bytes {
    headers.insert(CONTENT_TYPE, GRPC_WEB);
    with(status, headers)
}

/// The frame that says this.
pub(super) fn trailers(status: &Status) -> Bytes {
    with(status, HeaderMap::new())
}

fn with(status: &Status, mut trailers: HeaderMap) -> Bytes {
    if status.add_header(&mut trailers).is_err() {
        trailers.insert("grpc-status", HeaderValue::from_static("2"));
    }
    block::frame(&trailers)
}

fn code(fields: &HeaderMap) -> Code {
    fields
        .get("grpc-status")
        .map_or(Code::Unknown, |status| Code::from_bytes(status.as_bytes()))
}

/// Makes the headers those that a page gets; the status where there is nothing else.
fn only_a_status(parts: &mut response::Parts) -> Option<Code> {
    parts.headers.remove(TRANSFER_ENCODING);
    parts.headers.insert(CONTENT_TYPE, GRPC_WEB);
    if parts.headers.contains_key("grpc-status") {
        return Some(code(&parts.headers));
    }
    if parts.status == StatusCode::OK {
        return None;
    }
    let http = parts.status.as_u16();
    let code = http_status::code_of(http);
    let words = format!("the answer was HTTP {http}");
    Status::new(code, words)
        .add_header(&mut parts.headers)
        .ok()?;
    Some(code)
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, task::Waker};

    use http_body::Frame;

    use super::*;

    /// What a body does when it is asked for more.
    enum Next {
        Part(usize),
        Pending,
        Error,
    }

    struct Scripted(VecDeque<Next>);

    impl http_body::Body for Scripted {
        type Data = Bytes;
        type Error = Status;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
            match self.0.pop_front() {
                Some(Next::Part(length)) => {
                    Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![0; length])))))
                }
                Some(Next::Pending) => Poll::Pending,
                Some(Next::Error) => Poll::Ready(Some(Err(Status::data_loss("lost")))),
                None => {
                    let mut trailers = HeaderMap::new();
                    trailers.insert("grpc-status", HeaderValue::from_static("0"));
                    Poll::Ready(Some(Ok(Frame::trailers(trailers))))
                }
            }
        }
    }

    /// How long what is said each time is, and the status in it; nothing where it has to wait.
    fn said(script: impl IntoIterator<Item = Next>) -> Vec<Option<(usize, Option<Code>)>> {
        let mut body = Body::new(Scripted(script.into_iter().collect()));
        let mut cx = Context::from_waker(Waker::noop());
        let mut all = Vec::new();
        loop {
            match together(&mut body, &mut cx) {
                Poll::Pending => all.push(None),
                Poll::Ready(Said::Part(bytes)) => all.push(Some((bytes.len(), None))),
                Poll::Ready(Said::Last(bytes, code)) => {
                    all.push(Some((bytes.len(), Some(code))));
                    return all;
                }
            }
        }
    }

    /// As long as the frame of a status is that has nothing but its code.
    const STATUS: usize = 5 + "grpc-status: 0\r\n".len();

    #[test]
    fn what_is_ready_is_said_together_and_before_what_is_not() {
        let waits = [Next::Part(10), Next::Part(20), Next::Pending, Next::Part(5)];
        let ok = Some(Code::Ok);
        assert_eq!(said(waits), [Some((30, None)), Some((5 + STATUS, ok))]);
        assert_eq!(
            said([Next::Pending, Next::Part(1), Next::Pending]),
            [None, Some((1, None)), Some((STATUS, ok))]
        );
    }

    #[test]
    fn no_more_is_said_together_than_the_bound_and_one_part() {
        let parts = (0..10).map(|_| Next::Part(32 * 1024));
        for said in said(parts).into_iter().flatten() {
            assert!(said.0 < TOGETHER + 32 * 1024 + STATUS, "{said:?}");
        }
        let large = [Next::Part(TOGETHER), Next::Part(1)];
        let ok = Some(Code::Ok);
        assert_eq!(
            said(large),
            [Some((TOGETHER, None)), Some((1 + STATUS, ok))]
        );
    }

    #[test]
    fn an_error_behind_messages_keeps_them() {
        let broken = said([Next::Part(10), Next::Error]);
        let [Some((length, Some(Code::DataLoss)))] = broken[..] else {
            panic!("{broken:?}");
        };
        assert!(length > 10 + STATUS, "{length}");
    }
}
