//! `WatchUsers`: its request and its events.

mod event_stream;

use frontdesk::user::WatchUsersRequest;
use frontdesk_directory::{Query, Revision, WatchFilter};
use tonic::Status;

pub(super) use self::event_stream::{Event, EventStream};
use super::fields::optional_user;
use crate::grpc::bad_request::BadRequest;

/// The revision after which the watch starts, `None` for the newest one, and the wanted changes.
pub(super) fn parse(
    request: &WatchUsersRequest,
) -> Result<(Option<Revision>, WatchFilter), Status> {
    let mut bad = BadRequest::default();
    let after = request.from_revision.map(revision).transpose();
    let after = bad.check("from_revision", after);
    let query = bad.check("query", Query::parse(&request.query));
    let user = bad.check("user_id", optional_user(request.user_id));
    match (after, query, user) {
        (Some(after), Some(query), Some(user)) => {
            Ok((after, WatchFilter::new(user, query.as_ref())))
        }
        _ => Err(bad.into_status()),
    }
}

fn revision(revision: i64) -> Result<Revision, &'static str> {
    u64::try_from(revision)
        .map(Revision)
        .map_err(|_| "must be 0 (from the first change) or a revision")
}
