//! A request, from the messages that a stub makes of it.

use std::{future::poll_fn, pin::Pin, task::Poll};

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use tonic::body::Body;

use super::Error;

/// What there is of a request: all of it, however long it takes to come. Or, not so `patient`, as much
/// as is there at once, which is all where it is that of a unary call; and whether more is to come.
pub(super) async fn gather(body: &mut Body, patient: bool) -> Result<(Bytes, bool), Error> {
    let mut gathered = BytesMut::new();
    let more = poll_fn(|cx| {
        loop {
            match Pin::new(&mut *body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        gathered.extend_from_slice(&data);
                    }
                }
                Poll::Ready(Some(Err(status))) => return Poll::Ready(Err(status)),
                Poll::Ready(None) => return Poll::Ready(Ok(false)),
                Poll::Pending if patient => return Poll::Pending,
                Poll::Pending => return Poll::Ready(Ok(true)),
            }
        }
    });
    let more = more.await.map_err(Error::request)?;
    Ok((gathered.freeze(), more))
}
