//! `ListUsers`.

use frontdesk::user::{self, ListUsersRequest, UserResponse};
use frontdesk_directory::{
    Filter, ListParams, ListQuery, ListRange, Page, RequestContext, SampleFilter, UserList,
};
use futures_util::stream::BoxStream;
use tonic::{Response, Status, metadata::MetadataValue};

use super::{
    convert, messages,
    page_token::{PageToken, PageTokenError},
};
use crate::grpc::bad_request::BadRequest;

pub(super) fn parse(request: &ListUsersRequest) -> Result<ListQuery, Status> {
    let mut bad = BadRequest::default();
    let sample_filter = match user::SampleFilter::try_from(request.sample_filter) {
        Ok(user::SampleFilter::Unspecified) => Ok(SampleFilter::Include),
        Ok(user::SampleFilter::Exclude) => Ok(SampleFilter::Exclude),
        Ok(user::SampleFilter::Only) => Ok(SampleFilter::Only),
        Err(_) => Err("must be a value of SampleFilter"),
    };
    let sample_filter = bad.check("sample_filter", sample_filter);
    let min_update_time = request.min_update_time.as_ref();
    let min_update_time = min_update_time
        .map(|time| {
            convert::timestamp_not_before(time).ok_or("must be a time in the years 1 to 9999")
        })
        .transpose();
    let min_update_time = bad.check("min_update_time", min_update_time);
    let params = ListParams {
        page: request.page,
        page_size: request.page_size,
        query: &request.query,
        order_by: &request.order_by,
        filter: Filter {
            sample_filter: sample_filter.unwrap_or_default(),
            deleted: request.show_deleted,
            min_update_time: min_update_time.flatten(),
        },
    };
    match params.parse() {
        Ok(query) if bad.is_empty() => with_page_token(query, request),
        Ok(_) => Err(bad.into_status()),
        Err(violations) => {
            for violation in violations {
                bad.add(violation.field, violation.description);
            }
            Err(bad.into_status())
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
    let cursor = cursor.map_err(|error| BadRequest::field("page_token", error))?;
    let size = Page::effective_size(request.page_size.unsigned_abs());
    let range = ListRange::After(cursor, size);
    Ok(ListQuery { range, ..query })
}

/// The users as messages, and the totals as metadata.
pub(super) fn respond(
    list: UserList,
    query: &ListQuery,
    context: RequestContext,
) -> Response<BoxStream<'static, Result<UserResponse, Status>>> {
    let mut response = Response::new(messages::from_batches(list.users, convert::user, context));
    let metadata = response.metadata_mut();
    metadata.insert("x-total-count", MetadataValue::from(list.total));
    metadata.insert("x-revision", MetadataValue::from(list.revision.0));
    let token = list.next.map(|cursor| PageToken::new(query, &cursor));
    // Base64: always a valid value.
    if let Some(Ok(token)) = token.map(|token| MetadataValue::try_from(token.to_string())) {
        metadata.insert("x-next-page-token", token);
    }
    response
}
