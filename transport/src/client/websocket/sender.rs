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
    connection::{Connection, Shared},
};
use crate::grpc_websockets::{DATA, END};

/// The largest part of a request in one WebSocket message. Servers limit the size of a message, and
/// smaller parts reach the handler sooner.
const MAX_PART_BYTES: usize = 64 * 1024;
/// The request is polled while the browser has at most this many bytes queued.
const MAX_UNSENT_BYTES: u32 = 256 * 1024;
/// The interval at which the queue is checked, because browsers have no event for it.
const CHECK_INTERVAL_MS: f64 = 10.0;

/// Sends the header block and a request that begins with `first`, in the background, until the
/// connection ends.
pub(super) fn spawn(connection: &Connection, header_block: Bytes, first: Bytes, body: Body) {
    let shared = Rc::clone(connection.shared());
    // Boxed, because `spawn_local` generates code for every type of future.
    let task: Pin<Box<dyn Future<Output = ()>>> = Box::pin(async move {
        if let Err(status) = send(&shared, &header_block, first, body).await {
            shared.fail_request(status);
        }
    });
    spawn_local(task);
}

async fn send(
    shared: &Shared,
    header_block: &[u8],
    first: Bytes,
    mut body: Body,
) -> Result<(), Status> {
    if !poll_fn(|cx| shared.poll_open(cx)).await {
        return Ok(());
    }
    shared.send(header_block);
    let mut message = BytesMut::new();
    let mut next = Some(Ok(first));
    while let Some(bytes) = next {
        for part in bytes?.chunks(MAX_PART_BYTES) {
            wait_for_capacity(shared).await;
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

/// The next bytes of the request; `None` at its end or once the socket is closed.
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
                shared.wake_on_state_change(cx);
                return Poll::Pending;
            }
        }
    }
}

async fn wait_for_capacity(shared: &Shared) {
    while shared.is_open() && shared.unsent() > MAX_UNSENT_BYTES {
        Timer::after(CHECK_INTERVAL_MS).await;
    }
}
