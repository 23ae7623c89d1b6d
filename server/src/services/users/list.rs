//! `ListUsers`.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use frontdesk::user::{self, ListUsersRequest, UserResponse};
use futures_core::Stream;
use tonic::{Extensions, Response, Status, metadata::MetadataValue};

use super::{super::status, wire};
use frontdesk_directory::{
    Error, FieldViolation, Filter, ListQuery, Listing, Samples, User, Wanted,
};

/// What a request asks for, checked.
pub(super) fn selection(request: &ListUsersRequest) -> Result<ListQuery, Status> {
    let mut bad = Vec::new();
    let mut refuse = |field, why: &str| {
        let why = why.to_owned();
        bad.push(FieldViolation { field, why });
    };
    let samples = match user::Samples::try_from(request.samples) {
        Ok(user::Samples::Unspecified) => SampleFilter::Include,
        Ok(user::SampleFilter::Exclude) => SampleFilter::Exclude,
        Ok(user::SampleFilter::Only) => SampleFilter::Only,
        Err(_) => {
            refuse("samples", "must be one of its names");
            SampleFilter::Include
        }
    };
    let since = request.changed_since.as_ref().map(wire::moment_not_before);
    if since == Some(None) {
        refuse("changed_since", "must be a time of the years 1 to 9999");
    }
    let selection = ListQuery::parse(&Wanted {
        page: request.page,
        page_size: request.page_size,
        query: &request.query,
        order_by: &request.order_by,
        page_token: &request.page_token,
        filter: Filter {
            samples,
            in_bin: request.in_bin,
            changed_since: since.flatten(),
        },
    });
    match selection {
        Ok(selection) if bad.is_empty() => Ok(selection),
        Ok(_) => Err(status::bad_fields(&bad)),
        Err(others) => {
            bad.extend(others);
            Err(status::bad_fields(&bad))
        }
    }
}

/// The rows, with what is said before them.
pub(super) fn answer<R>(listing: Listing<R>, extensions: Extensions) -> Response<UserStream<R>> {
    let Listing {
        total,
        revision,
        next,
        rows,
    } = listing;
    let mut response = Response::new(UserStream::new(rows, extensions));
    let metadata = response.metadata_mut();
    metadata.insert("x-total-count", MetadataValue::from(total));
    metadata.insert("x-revision", MetadataValue::from(revision.0));
    // Letters, digits, - and _: always a value.
    if let Some(Ok(next)) = next.map(|next| MetadataValue::try_from(next.to_string())) {
        metadata.insert("x-next-page-token", next);
    }
    response
}

/// Hands out one message after the other. Ready while a batch lasts, so that tonic puts many
/// messages into one HTTP/2 frame.
#[derive(Debug)]
pub struct UserStream<R> {
    rows: R,
    batch: vec::IntoIter<User>,
    extensions: Extensions,
}

impl<R> UserStream<R> {
    fn new(rows: R, extensions: Extensions) -> Self {
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
