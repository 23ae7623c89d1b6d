use std::{
    convert::Infallible,
    future::{Ready, ready},
    io::Read as _,
    pin::Pin,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use futures_util::{FutureExt as _, stream};
use http::{
    HeaderValue, Request, Response,
    header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY},
};
use http_body::{Body as _, Frame};
use http_body_util::StreamBody;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tonic::{Status, body::Body};
use tower_layer::Layer as _;
use tower_service::Service;

use super::layer::{Compress, CompressionLayer, MAX_CONCURRENT, MIN_FIRST_FRAME_BYTES};
use crate::dialect::GRPC_WEB;

type NextFrame = Result<Frame<Bytes>, Status>;

/// Responds to each request with the frames of the next channel.
struct FromChannels(Vec<Receiver<NextFrame>>);

impl Service<Request<Body>> for FromChannels {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        let mut frames = self.0.remove(0);
        let frames = stream::poll_fn(move |cx| frames.poll_recv(cx));
        let mut response = Response::new(Body::new(StreamBody::new(frames)));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, GRPC_WEB);
        ready(Ok(response))
    }
}

/// A service for `count` requests, and the senders of their response frames.
fn service(count: usize) -> (Vec<Sender<NextFrame>>, Compress<FromChannels>) {
    let (senders, receivers) = (0..count).map(|_| channel(8)).unzip();
    (
        senders,
        CompressionLayer::new(|_| true).layer(FromChannels(receivers)),
    )
}

fn call(service: &mut Compress<FromChannels>, accept: &'static str) -> Response<Body> {
    let mut request = Request::new(Body::empty());
    let accept = HeaderValue::from_static(accept);
    request.headers_mut().insert(ACCEPT_ENCODING, accept);
    let response = service.call(request).now_or_never().expect("ready");
    let Ok(response) = response;
    response
}

fn encoding(response: &Response<Body>) -> Option<&HeaderValue> {
    response.headers().get(CONTENT_ENCODING)
}

fn send(sender: &Sender<NextFrame>, bytes: &[u8]) {
    let frame = Frame::data(Bytes::copy_from_slice(bytes));
    sender.try_send(Ok(frame)).expect("an open channel");
}

/// Polls without waiting; a second time for bodies that yield to other tasks.
fn read(body: &mut Body) -> Poll<Option<Result<Bytes, Status>>> {
    let mut cx = Context::from_waker(Waker::noop());
    let mut next = Pin::new(&mut *body).poll_frame(&mut cx);
    if next.is_pending() {
        next = Pin::new(body).poll_frame(&mut cx);
    }
    next.map_ok(|frame| frame.into_data().expect("bytes"))
}

fn bytes(body: &mut Body) -> Bytes {
    match read(body) {
        Poll::Ready(Some(Ok(bytes))) => bytes,
        other => panic!("{other:?}"),
    }
}

fn gunzip(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    // An unfinished stream is an error after everything decodable has been returned.
    let _ = flate2::read::GzDecoder::new(bytes).read_to_end(&mut decoded);
    decoded
}

#[test]
fn a_long_response_is_flushed_message_by_message() {
    let (senders, mut service) = service(1);
    let long = b"row ".repeat(MIN_FIRST_FRAME_BYTES);
    send(&senders[0], &long);
    let mut response = call(&mut service, "gzip");
    assert_eq!(encoding(&response).expect("an encoding"), "gzip");
    assert_eq!(response.headers()[VARY], "accept-encoding");

    let body = response.body_mut();
    let mut sent = bytes(body).to_vec();
    assert_eq!(gunzip(&sent), long);
    assert!(read(body).is_pending(), "nothing more was sent");
    send(&senders[0], b"one more");
    sent.extend(bytes(body));
    assert_eq!(gunzip(&sent), [&long[..], b"one more"].concat());
    drop(senders);
    sent.extend(bytes(body));
    assert!(matches!(read(body), Poll::Ready(None)));
    let mut decoded = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(&sent[..]);
    decoder
        .read_to_end(&mut decoded)
        .expect("a complete stream");
    assert_eq!(decoded.len(), long.len() + "one more".len());
}

#[test]
fn a_frame_larger_than_a_chunk_yields_to_other_tasks() {
    let (senders, mut service) = service(1);
    let large = b"row ".repeat(100_000);
    send(&senders[0], &large);
    let mut response = call(&mut service, "gzip");
    let mut cx = Context::from_waker(Waker::noop());
    let (mut sent, mut yields) = (Vec::new(), 0);
    while gunzip(&sent) != large {
        match Pin::new(response.body_mut()).poll_frame(&mut cx) {
            Poll::Ready(Some(Ok(frame))) => sent.extend(frame.into_data().expect("bytes")),
            Poll::Ready(other) => panic!("{other:?}"),
            Poll::Pending => yields += 1,
        }
        assert!(yields < 100, "no progress");
    }
    assert!(yields > 0, "it never yielded");
}

#[test]
fn slow_and_short_responses_are_not_compressed() {
    let (senders, mut service) = service(2);
    let mut watch = call(&mut service, "gzip");
    assert_eq!(encoding(&watch), None);
    let long = b"row ".repeat(MIN_FIRST_FRAME_BYTES);
    send(&senders[0], &long);
    assert_eq!(bytes(watch.body_mut()), long);

    send(&senders[1], &long[..MIN_FIRST_FRAME_BYTES - 1]);
    let mut short = call(&mut service, "gzip");
    assert_eq!(encoding(&short), None);
    assert!(!short.headers().contains_key(VARY));
    assert_eq!(bytes(short.body_mut()), long[..MIN_FIRST_FRAME_BYTES - 1]);
}

#[test]
fn dropping_the_response_drops_the_body_and_errors_are_passed_on() {
    let (senders, mut service) = service(2);
    let long = b"row ".repeat(MIN_FIRST_FRAME_BYTES);
    send(&senders[0], &long);
    let mut response = call(&mut service, "gzip");
    bytes(response.body_mut());
    assert!(!senders[0].is_closed());
    drop(response);
    assert!(senders[0].is_closed(), "the body is retained");

    send(&senders[1], &long);
    let error = Err(Status::unknown("failed"));
    senders[1].try_send(error).expect("an open channel");
    let mut response = call(&mut service, "gzip");
    bytes(response.body_mut());
    let error = read(response.body_mut());
    assert!(matches!(error, Poll::Ready(Some(Err(_)))), "{error:?}");
    assert!(matches!(read(response.body_mut()), Poll::Ready(None)));
}

#[test]
fn responses_beyond_the_limit_are_sent_uncompressed() {
    let (senders, mut service) = service(MAX_CONCURRENT + 2);
    let long = b"row ".repeat(MIN_FIRST_FRAME_BYTES);
    for sender in &senders {
        send(sender, &long);
    }
    let mut open: Vec<_> = (0..MAX_CONCURRENT)
        .map(|_| call(&mut service, "gzip"))
        .collect();
    assert!(open.iter().all(|response| encoding(response).is_some()));
    let mut plain = call(&mut service, "gzip");
    assert_eq!(encoding(&plain), None);
    assert_eq!(plain.headers()[VARY], "accept-encoding");
    assert_eq!(bytes(plain.body_mut()), long);
    open.pop();
    assert!(encoding(&call(&mut service, "gzip")).is_some());
}
