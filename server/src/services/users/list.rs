//! `ListUsers`.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use frontdesk::user::{self, ListUsersRequest, UserResponse};
use frontdesk_directory::{
    FieldViolation, Filter, ListParams, ListQuery, ListRange, Page, SampleFilter, User, UserList,
    UserStream,
};
use futures_core::Stream;
use tonic::{Extensions, Response, Status, metadata::MetadataValue};

use super::{
    super::status,
    page_token::{PageToken, PageTokenError},
    wire,
};

/// The list that a request asks for.
pub(super) fn parse(request: &ListUsersRequest) -> Result<ListQuery, Status> {
    let mut violations = Vec::new();
    let mut reject = |field, why: &str| {
        let description = why.to_owned();
        violations.push(FieldViolation { field, description });
    };
    let sample_filter = match user::SampleFilter::try_from(request.sample_filter) {
        Ok(user::SampleFilter::Unspecified) => SampleFilter::Include,
        Ok(user::SampleFilter::Exclude) => SampleFilter::Exclude,
        Ok(user::SampleFilter::Only) => SampleFilter::Only,
        Err(_) => {
            reject("sample_filter", "must be a value of SampleFilter");
            SampleFilter::Include
        }
    };
    let min_update_time = request
        .min_update_time
        .as_ref()
        .map(wire::moment_not_before);
    if min_update_time == Some(None) {
        reject("min_update_time", "must be a time in the years 1 to 9999");
    }
    let params = ListParams {
        page: request.page,
        page_size: request.page_size,
        query: &request.query,
        order_by: &request.order_by,
        filter: Filter {
            sample_filter,
            deleted: request.show_deleted,
            min_update_time: min_update_time.flatten(),
        },
    };
    match params.parse() {
        Ok(query) if violations.is_empty() => with_page_token(query, request),
        Ok(_) => Err(status::bad_fields(&violations)),
        Err(others) => {
            violations.extend(others);
            Err(status::bad_fields(&violations))
        }
    }
}

/// A token is valid only for the list that it was issued for, so it is parsed last.
fn with_page_token(query: ListQuery, request: &ListUsersRequest) -> Result<ListQuery, Status> {
    if request.page_token.is_empty() {
        return Ok(query);
    }
    let cursor = match query.range {
        ListRange::All => PageToken::parse(&request.page_token, &query),
        _ => Err(PageTokenError::WithPage),
    };
    let cursor = cursor.map_err(|why| status::bad_field("page_token", &why.to_string()))?;
    let size = Page::effective_size(request.page_size.unsigned_abs());
    let range = ListRange::After(cursor, size);
    Ok(ListQuery { range, ..query })
}

/// The users, with the list's metadata.
pub(super) fn response(
    list: UserList,
    query: &ListQuery,
    extensions: Extensions,
) -> Response<UserMessages> {
    let mut response = Response::new(UserMessages::new(list.users, extensions));
    let metadata = response.metadata_mut();
    metadata.insert("x-total-count", MetadataValue::from(list.total));
    metadata.insert("x-revision", MetadataValue::from(list.revision.0));
    let token = list.next.map(|cursor| PageToken::new(query, &cursor));
    // Letters, digits, - and _: always a valid value.
    if let Some(Ok(token)) = token.map(|token| MetadataValue::try_from(token.to_string())) {
        metadata.insert("x-next-page-token", token);
    }
    response
}

/// One message for each user. Ready while a batch lasts, so that tonic puts many messages into one
/// HTTP/2 frame.
pub struct UserMessages {
    users: UserStream,
    batch: vec::IntoIter<User>,
    extensions: Extensions,
}

impl UserMessages {
    fn new(users: UserStream, extensions: Extensions) -> Self {
        Self {
            users,
            batch: Vec::new().into_iter(),
            extensions,
        }
    }
}

impl Stream for UserMessages {
    type Item = Result<UserResponse, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(user) = self.batch.next() {
                return Poll::Ready(Some(Ok(wire::user(user))));
            }
            match ready!(Pin::new(&mut self.users).poll_next(cx)) {
                Some(Ok(batch)) => self.batch = batch.into_iter(),
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(status::directory(&error, &self.extensions))));
                }
                None => return Poll::Ready(None),
            }
        }
    }
}
