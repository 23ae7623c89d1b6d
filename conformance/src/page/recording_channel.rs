//! Records the headers and trailers of a response between channel and stub: tonic's stubs merge
//! the trailers of a unary response into its headers, and drop some of a failed call's.

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

#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) headers: HeaderMap,
    pub(super) trailers: HeaderMap,
}

#[derive(Debug, Clone)]
pub(super) struct RecordingChannel {
    channel: Channel,
    record: Rc<RefCell<Record>>,
}

impl RecordingChannel {
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

impl Service<Request<tonic::body::Body>> for RecordingChannel {
    type Response = Response<RecordingBody>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.channel.poll_ready(cx)
    }

    fn call(&mut self, request: Request<tonic::body::Body>) -> Self::Future {
        let record = self.record();
        let response = self.channel.call(request);
        Box::pin(async move {
            let response = response.await?;
            let headers = response.headers();
            if headers.contains_key("grpc-status") {
                // A trailers-only response: its one block is both.
                record.borrow_mut().trailers = headers.clone();
            }
            record.borrow_mut().headers = headers.clone();
            // A page has one thread, but tonic requires bodies to be `Send`.
            let record = SendWrapper::new(record);
            Ok(response.map(|inner| RecordingBody { inner, record }))
        })
    }
}

pub(super) struct RecordingBody {
    inner: ResponseBody,
    record: SendWrapper<Rc<RefCell<Record>>>,
}

impl http_body::Body for RecordingBody {
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
