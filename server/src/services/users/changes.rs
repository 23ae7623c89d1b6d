//! `ListChanges`.

use std::num::NonZeroU32;

use frontdesk::user::{ListChangesRequest, UserEvent};
use futures_core::{Stream, stream::BoxStream};
use futures_util::stream::{self, StreamExt as _};
use tonic::{Extensions, Status};

use super::{
    super::status::{self, BadFields},
    watch, wire,
};
use frontdesk_directory::{Change, ChangeLogQuery, Error, Revision};

/// Which changes are asked for.
pub(super) fn parse(request: &ListChangesRequest) -> Result<ChangeLogQuery, Status> {
    let mut bad = BadFields::default();
    let user = bad.check("user_id", watch::user(request.user_id));
    let before = bad.check("before_revision", before(request.before_revision));
    let limit = bad.check("limit", limit(request.limit));
    match (user, before, limit) {
        (Some(user), Some(before), Some(limit)) => Ok(ChangeLogQuery {
            user,
            before,
            limit,
        }),
        _ => Err(bad.status()),
    }
}

fn before(revision: i64) -> Result<Option<Revision>, &'static str> {
    let revision =
        u64::try_from(revision).map_err(|_| "must be 0 (from the newest) or a revision")?;
    Ok((revision > 0).then_some(Revision(revision)))
}

fn limit(limit: i32) -> Result<Option<NonZeroU32>, &'static str> {
    u32::try_from(limit)
        .map(NonZeroU32::new)
        .map_err(|_| "must be 0 (all) or how many changes are wanted")
}

/// One message after the other, ready while a batch lasts.
pub(super) fn messages(
    changes: impl Stream<Item = Result<Vec<Change>, Error>> + Send + 'static,
    extensions: Extensions,
) -> BoxStream<'static, Result<UserEvent, Status>> {
    let messages = changes.flat_map(move |batch| {
        let (batch, failed) = match batch {
            Ok(batch) => (batch, None),
            Err(error) => (
                Vec::new(),
                Some(Err(status::directory(&error, &extensions))),
            ),
        };
        let events = batch.into_iter().map(|change| Ok(wire::event(change)));
        stream::iter(events.chain(failed))
    });
    messages.boxed()
}
