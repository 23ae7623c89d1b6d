//! Collects the messages that a stub produces for a request.

use std::{future::poll_fn, pin::Pin, task::Poll};

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use tonic::body::Body;

use super::error::Error;

/// The whole request, however long it takes.
pub(super) async fn read_all(body: &mut Body) -> Result<Bytes, Error> {
    let (bytes, _) = read(body, true).await?;
    Ok(bytes)
}

/// As much of the request as is available without waiting, and whether that is all of it. It is for
/// unary and server-streaming calls.
pub(super) async fn read_available(body: &mut Body) -> Result<(Bytes, bool), Error> {
    read(body, false).await
}

async fn read(body: &mut Body, wait: bool) -> Result<(Bytes, bool), Error> {
    let mut bytes = BytesMut::new();
    let is_complete = poll_fn(|cx| {
        loop {
            match Pin::new(&mut *body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        bytes.extend_from_slice(&data);
                    }
                }
                Poll::Ready(Some(Err(status))) => return Poll::Ready(Err(status)),
                Poll::Ready(None) => return Poll::Ready(Ok(true)),
                Poll::Pending if wait => return Poll::Pending,
                Poll::Pending => return Poll::Ready(Ok(false)),
            }
        }
    });
    let is_complete = is_complete.await.map_err(Error::request)?;
    Ok((bytes.freeze(), is_complete))
}
