//! `ListChanges`.

use std::num::NonZeroU32;

use frontdesk::user::ListChangesRequest;
use frontdesk_directory::ChangeLogQuery;
use tonic::Status;

use super::fields::{optional_revision, optional_user};
use crate::grpc::bad_request::BadRequest;

pub(super) fn parse(request: &ListChangesRequest) -> Result<ChangeLogQuery, Status> {
    let mut bad = BadRequest::default();
    let user = bad.check("user_id", optional_user(request.user_id));
    let before = optional_revision(
        request.before_revision,
        "must be 0 (from the newest change) or a revision",
    );
    let before = bad.check("before_revision", before);
    let limit = u32::try_from(request.limit)
        .map(NonZeroU32::new)
        .map_err(|_| "must be 0 (all changes) or the number of changes");
    let limit = bad.check("limit", limit);
    match (user, before, limit) {
        (Some(user), Some(before), Some(limit)) => Ok(ChangeLogQuery {
            user,
            before,
            limit,
        }),
        _ => Err(bad.into_status()),
    }
}
