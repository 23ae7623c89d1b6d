//! What is encoded and what is not, frame by frame.

use std::{
    future::{Ready, ready},
    io::Read as _,
    task::Waker,
};

use bytes::Bytes;
use futures_util::{FutureExt as _, stream};
use http::header::ACCEPT_ENCODING;
use http_body::Frame;
use http_body_util::StreamBody;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tonic::Status;

use super::*;

type Said = Result<Frame<Bytes>, Status>;

/// Answers each request with what the next channel says.
struct Says(Vec<Receiver<Said>>);

impl Service<Request<Body>> for Says {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        let mut said = self.0.remove(0);
        let frames = stream::poll_fn(move |cx| said.poll_recv(cx));
        let mut response = Response::new(Body::new(StreamBody::new(frames)));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, Dialect::Web.canonical());
        ready(Ok(response))
    }
}

/// So many answers that nothing has been said in yet.
fn says(count: usize) -> (Vec<Sender<Said>>, Encodes<Says>) {
    let (tell, said) = (0..count).map(|_| channel(8)).unzip();
    (tell, EncodesLayer::new(|_| true).layer(Says(said)))
}

fn call(service: &mut Encodes<Says>, accept: &'static str) -> Response<Body> {
    let mut request = Request::new(Body::empty());
    let accept = HeaderValue::from_static(accept);
    request.headers_mut().insert(ACCEPT_ENCODING, accept);
    let answer = service.call(request).now_or_never().expect("at once");
    let Ok(answer) = answer;
    answer
}

fn encoding(answer: &Response<Body>) -> Option<&HeaderValue> {
    answer.headers().get(CONTENT_ENCODING)
}

fn tell(to: &Sender<Said>, bytes: &[u8]) {
    let frame = Frame::data(Bytes::copy_from_slice(bytes));
    to.try_send(Ok(frame)).expect("somebody who listens");
}

/// What is there, without waiting; the second look is for bodies that let others go first.
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
    // Before its end it breaks off, with all that it could be told.
    let _ = flate2::read::GzDecoder::new(bytes).read_to_end(&mut decoded);
    decoded
}

#[test]
fn a_long_answer_goes_out_message_by_message() {
    let (to, mut service) = says(1);
    let long = b"row ".repeat(LONG);
    tell(&to[0], &long);
    let mut answer = call(&mut service, "gzip");
    assert_eq!(encoding(&answer).expect("an encoding"), "gzip");
    assert_eq!(answer.headers()[VARY], "accept-encoding");

    let body = answer.body_mut();
    let mut sent = bytes(body).to_vec();
    assert_eq!(gunzip(&sent), long);
    assert!(read(body).is_pending(), "nothing more was said");
    tell(&to[0], b"one more");
    sent.extend(bytes(body));
    assert_eq!(gunzip(&sent), [&long[..], b"one more"].concat());
    drop(to);
    sent.extend(bytes(body));
    assert!(matches!(read(body), Poll::Ready(None)));
    let mut whole = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(&sent[..]);
    decoder.read_to_end(&mut whole).expect("a whole stream");
    assert_eq!(whole.len(), long.len() + "one more".len());
}

#[test]
fn a_frame_larger_than_a_part_is_encoded_in_turns() {
    let (to, mut service) = says(1);
    let large = b"row ".repeat(100_000);
    tell(&to[0], &large);
    let mut answer = call(&mut service, "gzip");
    let mut cx = Context::from_waker(Waker::noop());
    let (mut sent, mut turns) = (Vec::new(), 0);
    while gunzip(&sent) != large {
        match Pin::new(answer.body_mut()).poll_frame(&mut cx) {
            Poll::Ready(Some(Ok(frame))) => sent.extend(frame.into_data().expect("bytes")),
            Poll::Ready(other) => panic!("{other:?}"),
            Poll::Pending => turns += 1,
        }
        assert!(turns < 100, "it does not go on");
    }
    assert!(turns > 0, "nobody else had a turn");
}

#[test]
fn what_trickles_and_what_is_short_is_left_alone() {
    let (to, mut service) = says(2);
    let mut watch = call(&mut service, "gzip");
    assert_eq!(encoding(&watch), None);
    let long = b"row ".repeat(LONG);
    tell(&to[0], &long);
    assert_eq!(bytes(watch.body_mut()), long);

    tell(&to[1], &long[..LONG - 1]);
    let mut short = call(&mut service, "gzip");
    assert_eq!(encoding(&short), None);
    assert!(!short.headers().contains_key(VARY));
    assert_eq!(bytes(short.body_mut()), long[..LONG - 1]);
}

#[test]
fn who_wants_no_more_is_let_go_of_and_an_error_stays_one() {
    let (to, mut service) = says(2);
    let long = b"row ".repeat(LONG);
    tell(&to[0], &long);
    let mut answer = call(&mut service, "gzip");
    bytes(answer.body_mut());
    assert!(!to[0].is_closed());
    drop(answer);
    assert!(to[0].is_closed(), "it is held");

    tell(&to[1], &long);
    let broken = Err(Status::unknown("broken"));
    to[1].try_send(broken).expect("somebody who listens");
    let mut answer = call(&mut service, "gzip");
    bytes(answer.body_mut());
    let error = read(answer.body_mut());
    assert!(matches!(error, Poll::Ready(Some(Err(_)))), "{error:?}");
    assert!(matches!(read(answer.body_mut()), Poll::Ready(None)));
}

#[test]
fn one_more_than_are_encoded_at_once_is_sent_as_it_is() {
    let (to, mut service) = says(AT_ONCE + 2);
    let long = b"row ".repeat(LONG);
    for to in &to {
        tell(to, &long);
    }
    let mut open: Vec<_> = (0..AT_ONCE).map(|_| call(&mut service, "gzip")).collect();
    assert!(open.iter().all(|answer| encoding(answer).is_some()));
    let mut plain = call(&mut service, "gzip");
    assert_eq!(encoding(&plain), None);
    assert_eq!(plain.headers()[VARY], "accept-encoding");
    assert_eq!(bytes(plain.body_mut()), long);
    open.pop();
    assert!(encoding(&call(&mut service, "gzip")).is_some());
}
