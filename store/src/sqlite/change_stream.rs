//! The change log as a stream, newest first.

use std::{num::NonZeroU32, sync::Arc};

use frontdesk_directory::{Change, ChangeLogQuery, ChangeStream, Error};
use futures_util::stream;

use super::{reader::ReadRequest, shared::Shared};
use crate::prefetch::Prefetch;

/// The maximum number of changes in a batch.
const BATCH: usize = 256;

pub(super) fn change_stream(shared: Arc<Shared>, query: ChangeLogQuery) -> ChangeStream {
    let reading = Reading {
        rest: Some(query),
        prefetch: Prefetch::idle(),
        shared,
    };
    Box::pin(stream::try_unfold(reading, async |mut reading| {
        Ok(reading.next().await?.map(|batch| (batch, reading)))
    }))
}

struct Reading {
    rest: Option<ChangeLogQuery>,
    prefetch: Prefetch<Vec<Change>>,
    shared: Arc<Shared>,
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Vec<Change>>, Error> {
        let Some(query) = self.rest else {
            return Ok(None);
        };
        let queue = self.shared.change_log()?;
        let request =
            |query| move |reply| ReadRequest::ChangesBefore(query, batch_size(query), reply);
        if !self.prefetch.is_pending() {
            self.prefetch
                .request(queue.reserve().await?, request(query));
        }
        let batch = self.prefetch.receive().await?.unwrap_or_default();
        self.rest = rest(query, &batch);
        if let Some(rest) = self.rest
            && let Some(slot) = queue.try_reserve()?
        {
            self.prefetch.request(slot, request(rest));
        }
        Ok((!batch.is_empty()).then_some(batch))
    }
}

/// What is left after a batch; `None` if it was the last one.
fn rest(query: ChangeLogQuery, batch: &[Change]) -> Option<ChangeLogQuery> {
    let last = batch.last().filter(|_| batch.len() == batch_size(query))?;
    let read = u32::try_from(batch.len()).unwrap_or(u32::MAX);
    Some(ChangeLogQuery {
        before: Some(last.revision()),
        limit: match query.limit {
            Some(limit) => Some(NonZeroU32::new(limit.get() - read)?),
            None => None,
        },
        ..query
    })
}

fn batch_size(query: ChangeLogQuery) -> usize {
    let limit = query
        .limit
        .and_then(|limit| usize::try_from(limit.get()).ok());
    limit.map_or(BATCH, |limit| limit.min(BATCH))
}
