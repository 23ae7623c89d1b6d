//! A request, from the messages that a stub makes of it.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body as _, Frame};
use tonic::{Status, body::Body};

use super::Error;

/// What there is of a request.
pub(super) enum Gathered {
    /// All of it.
    Whole(Bytes),
    /// A stream, more of which is still to come.
    Begun(Body),
}

/// All of a request, however long it takes to come.
pub(super) async fn whole(mut body: Body) -> Result<Bytes, Error> {
    let mut collected = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        add(&mut collected, frame)?;
    }
    Ok(collected.freeze())
}

/// As much of a request as is there at once: that of a unary call is.
pub(super) async fn at_once(mut body: Body) -> Result<Gathered, Error> {
    let mut collected = BytesMut::new();
    let rest = poll_fn(|cx| {
        Poll::Ready(loop {
            match Pin::new(&mut body).poll_frame(cx) {
                Poll::Ready(Some(frame)) => {
                    if let Err(error) = add(&mut collected, frame) {
                        break Err(error);
                    }
                }
                Poll::Ready(None) => break Ok(false),
                Poll::Pending => break Ok(true),
            }
        })
    });
    let more = rest.await?;
    let first = collected.freeze();
    Ok(if more {
        let first = Some(first).filter(|first| !first.is_empty());
        Gathered::Begun(Body::new(Begun { first, rest: body }))
    } else {
        Gathered::Whole(first)
    })
}

fn add(collected: &mut BytesMut, frame: Result<Frame<Bytes>, Status>) -> Result<(), Error> {
    if let Ok(data) = frame.map_err(Error::request)?.into_data() {
        collected.extend_from_slice(&data);
    }
    Ok(())
}

/// A request of which the first part has been taken already.
struct Begun {
    first: Option<Bytes>,
    rest: Body,
}

impl http_body::Body for Begun {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        match self.first.take() {
            Some(first) => Poll::Ready(Some(Ok(Frame::data(first)))),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }
}
