use std::{
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
use tokio::sync::mpsc::{Sender, channel};
use tonic::{Status, body::Body};

use super::compress::{Compression, MAX_CONCURRENT, MIN_FIRST_FRAME_BYTES};
use crate::dialect::GRPC_WEB;

type NextFrame = Result<Frame<Bytes>, Status>;

/// A response whose body is in the channel, and the sender of its frames.
fn channel_response() -> (Sender<NextFrame>, Response<Body>) {
    let (sender, mut frames) = channel(8);
    let frames = stream::poll_fn(move |cx| frames.poll_recv(cx));
    let mut response = Response::new(Body::new(StreamBody::new(frames)));
    response.headers_mut().insert(CONTENT_TYPE, GRPC_WEB);
    (sender, response)
}

fn enabled() -> Compression {
    Compression::new(|_| true)
}

fn compress(compression: &Compression, response: Response<Body>) -> Response<Body> {
    let request = Request::builder().header(ACCEPT_ENCODING, "gzip").body(());
    let compression = compression.for_request(&request.expect("a request"));
    let response = compression.apply(response).now_or_never();
    response.expect("ready")
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
    let (sender, response) = channel_response();
    let long = b"row ".repeat(MIN_FIRST_FRAME_BYTES);
    send(&sender, &long);
    let mut response = compress(&enabled(), response);
    assert_eq!(encoding(&response).expect("an encoding"), "gzip");
    assert_eq!(response.headers()[VARY], "accept-encoding");

    let body = response.body_mut();
    let mut sent = bytes(body).to_vec();
    assert_eq!(gunzip(&sent), long);
    assert!(read(body).is_pending(), "nothing more was sent");
    send(&sender, b"one more");
    sent.extend(bytes(body));
    assert_eq!(gunzip(&sent), [&long[..], b"one more"].concat());
    drop(sender);
    sent.extend(bytes(body));
    assert!(matches!(read(body), Poll::Ready(None)));
    let mut decoded = Vec::new();
    flate2::read::GzDecoder::new(&sent[..])
        .read_to_end(&mut decoded)
        .expect("a complete stream");
    assert_eq!(decoded.len(), long.len() + "one more".len());
}

#[test]
fn a_frame_larger_than_a_chunk_yields_to_other_tasks() {
    let (sender, response) = channel_response();
    let large = b"row ".repeat(100_000);
    send(&sender, &large);
    let mut response = compress(&enabled(), response);
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
    let (sender, watch) = channel_response();
    let mut watch = compress(&enabled(), watch);
    assert_eq!(encoding(&watch), None);
    let long = b"row ".repeat(MIN_FIRST_FRAME_BYTES);
    send(&sender, &long);
    assert_eq!(bytes(watch.body_mut()), long);

    let (sender, short) = channel_response();
    send(&sender, &long[..MIN_FIRST_FRAME_BYTES - 1]);
    let mut short = compress(&enabled(), short);
    assert_eq!(encoding(&short), None);
    assert!(!short.headers().contains_key(VARY));
    assert_eq!(bytes(short.body_mut()), long[..MIN_FIRST_FRAME_BYTES - 1]);
}

#[test]
fn dropping_the_response_drops_the_body_and_errors_are_passed_on() {
    let (sender, response) = channel_response();
    let long = b"row ".repeat(MIN_FIRST_FRAME_BYTES);
    send(&sender, &long);
    let mut response = compress(&enabled(), response);
    bytes(response.body_mut());
    assert!(!sender.is_closed());
    drop(response);
    assert!(sender.is_closed(), "the body is retained");

    let (sender, response) = channel_response();
    send(&sender, &long);
    let error = Err(Status::unknown("failed"));
    sender.try_send(error).expect("an open channel");
    let mut response = compress(&enabled(), response);
    bytes(response.body_mut());
    let error = read(response.body_mut());
    assert!(matches!(error, Poll::Ready(Some(Err(_)))), "{error:?}");
    assert!(matches!(read(response.body_mut()), Poll::Ready(None)));
}

#[test]
fn responses_beyond_the_limit_are_sent_uncompressed() {
    let compression = enabled();
    let long = b"row ".repeat(MIN_FIRST_FRAME_BYTES);
    let respond = || {
        let (sender, response) = channel_response();
        send(&sender, &long);
        compress(&compression, response)
    };
    let mut open: Vec<_> = (0..MAX_CONCURRENT).map(|_| respond()).collect();
    assert!(open.iter().all(|response| encoding(response).is_some()));
    let mut plain = respond();
    assert_eq!(encoding(&plain), None);
    assert_eq!(plain.headers()[VARY], "accept-encoding");
    assert_eq!(bytes(plain.body_mut()), long);
    open.pop();
    assert!(encoding(&respond()).is_some());
}
