//! What goes by between a stub and its channel: tonic's stubs mix the trailers of a unary reply
//! with its headers, and of an answer that fails give only some.

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use frontdesk_transport::client::{Channel, Error, ResponseBody};
use http::{HeaderMap, Request, Response};
use http_body::Frame;
use send_wrapper::SendWrapper;
use tower_service::Service;

/// What an answer began and ended with.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) headers: HeaderMap,
    pub(super) trailers: HeaderMap,
}

/// A channel that notes what it hands out.
#[derive(Debug, Clone)]
pub(super) struct Recorder {
    channel: Channel,
    record: Rc<RefCell<Record>>,
}

impl Recorder {
    pub(super) fn new(channel: Channel) -> Self {
        Self {
            channel,
            record: Rc::default(),
        }
    }

    pub(super) fn record(&self) -> Rc<RefCell<Record>> {
        Rc::clone(&self.record)
    }
}

impl Service<Request<tonic::body::Body>> for Recorder {
    type Response = Response<Recorded>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.channel.poll_ready(cx)
    }

    fn call(&mut self, request: Request<tonic::body::Body>) -> Self::Future {
        let record = self.record();
        let answer = self.channel.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            let headers = answer.headers();
            if headers.contains_key("grpc-status") {
                // Trailers-only: the one block is both.
                record.borrow_mut().trailers = headers.clone();
            }
            record.borrow_mut().headers = headers.clone();
            // A page has one thread; tonic wants what it keeps to be `Send` all the same.
            let record = SendWrapper::new(record);
            Ok(answer.map(|inner| Recorded { inner, record }))
        })
    }
}

pub(super) struct Recorded {
    inner: ResponseBody,
    record: SendWrapper<Rc<RefCell<Record>>>,
}

impl http_body::Body for Recorded {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(trailers) = frame.trailers_ref()
        {
            self.record.borrow_mut().trailers = trailers.clone();
        }
        Poll::Ready(frame)
    }
}
