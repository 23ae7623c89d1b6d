use std::{
    future::{Future, poll_fn},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use tonic::{Status, body::Body};
use wasm_bindgen_futures::spawn_local;

use super::{
    super::timer::Timer,
    link::{Link, Shared},
};

/// In front of bytes of frames.
const DATA: u8 = 0x00;
/// All by itself: the request has ended.
const END: u8 = 0x01;
/// The longest message: many are told apart sooner, and servers bound what they take at once.
const LONGEST: usize = 64 * 1024;
/// How much the browser may hold unsent before the request's source is asked for more.
const UNSENT: u32 = 256 * 1024;
/// How often the browser is asked how much is unsent: no event tells.
const LOOK_EVERY_MS: f64 = 10.0;

/// Sends a request that begins with `first` in the background, for as long as its link is there.
pub(super) fn start(link: &Link, fields: Bytes, first: Bytes, body: Body) {
    let shared = Rc::clone(link.shared());
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(async move {
        if let Err(status) = send(&shared, &fields, first, body).await {
            shared.abandon(status);
        }
    });
    // Of the type that all tasks of a page can have: each other brings the code to run it.
    spawn_local(task);
}

async fn send(shared: &Shared, fields: &[u8], first: Bytes, mut body: Body) -> Result<(), Status> {
    if !poll_fn(|cx| shared.poll_open(cx)).await {
        return Ok(());
    }
    shared.send(fields);
    let mut message = BytesMut::new();
    let mut next = Some(Ok(first));
    while let Some(bytes) = next {
        for part in bytes?.chunks(LONGEST) {
            drain(shared).await;
            if !shared.is_open() {
                return Ok(());
            }
            message.clear();
            message.extend_from_slice(&[DATA]);
            message.extend_from_slice(part);
            shared.send(&message);
        }
        next = poll_fn(|cx| poll_data(shared, &mut body, cx)).await;
    }
    if shared.is_open() {
        shared.send(&[END]);
    }
    Ok(())
}

/// The next bytes of the request; nothing after the last, or when the call is over.
fn poll_data(
    shared: &Shared,
    body: &mut Body,
    cx: &mut Context<'_>,
) -> Poll<Option<Result<Bytes, Status>>> {
    if !shared.is_open() {
        return Poll::Ready(None);
    }
    loop {
        match Pin::new(&mut *body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Poll::Ready(Some(Ok(data)));
                }
            }
            Poll::Ready(Some(Err(status))) => return Poll::Ready(Some(Err(status))),
            Poll::Ready(None) => return Poll::Ready(None),
            Poll::Pending => {
                shared.wake_on_close(cx);
                return Poll::Pending;
            }
        }
    }
}

/// Waits until the browser has sent most of what it was given.
async fn drain(shared: &Shared) {
    while shared.is_open() && shared.unsent() > UNSENT {
        Timer::after(LOOK_EVERY_MS).await;
    }
}
