//! `ListUsers`.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use frontdesk::user::UserResponse;
use futures_core::Stream;
use tonic::{Extensions, Status};

use super::{super::status, wire};
use crate::directory::{Error, User};

/// Hands out one message after the other. Ready while a batch lasts, so that tonic puts many
/// messages into one HTTP/2 frame.
#[derive(Debug)]
pub struct UserStream<R> {
    rows: R,
    batch: vec::IntoIter<User>,
    extensions: Extensions,
}

impl<R> UserStream<R> {
    pub(super) fn new(rows: R, extensions: Extensions) -> Self {
        Self {
            rows,
            batch: Vec::new().into_iter(),
            extensions,
        }
    }
}

impl<R> Stream for UserStream<R>
where
    R: Stream<Item = Result<Vec<User>, Error>> + Unpin,
{
    type Item = Result<UserResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(user) = self.batch.next() {
                return Poll::Ready(Some(Ok(wire::user(user))));
            }
            match ready!(Pin::new(&mut self.rows).poll_next(cx)) {
                Some(Ok(batch)) => self.batch = batch.into_iter(),
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(status::directory(&error, &self.extensions))));
                }
                None => return Poll::Ready(None),
            }
        }
    }
}
