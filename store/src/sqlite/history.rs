//! Changes on record, the newest first, as they are read.

use std::{
    num::NonZeroU32,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::{Stream, stream::BoxStream};
use futures_util::stream;

use super::{
    Store,
    change_log::Before,
    prefetch::{Permit, Prefetch},
    reader::{ReadRequest, Reply},
};
use frontdesk_directory::{Change, ChangeLogQuery, Error};

/// How many changes a batch has at most.
const BATCH: usize = 256;

type Batch = Vec<Change>;

/// Changes on record, in batches. While one batch is taken the next is read, and no more than that.
pub struct Changes(BoxStream<'static, Result<Batch, Error>>);

impl Changes {
    pub(super) fn new(store: Store, history: ChangeLogQuery) -> Self {
        let reading = Reading {
            left: Some(history),
            ahead: Prefetch::nothing(),
            store,
        };
        Self(Box::pin(stream::try_unfold(
            reading,
            async |mut reading| Ok(reading.next().await?.map(|batch| (batch, reading))),
        )))
    }
}

impl Stream for Changes {
    type Item = Result<Batch, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

struct Reading {
    /// What is left to be read.
    left: Option<ChangeLogQuery>,
    ahead: Prefetch<Batch>,
    store: Store,
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Batch>, Error> {
        let Some(history) = self.left else {
            return Ok(None);
        };
        let ask = asking(history, &self.store);
        let batch = self.ahead.take(&self.store, ask).await?;
        self.left = behind(history, &batch);
        if let Some(left) = self.left {
            self.ahead.ask(&self.store, asking(left, &self.store));
        }
        Ok((!batch.is_empty()).then_some(batch))
    }
}

/// What is left when this batch has been read.
fn behind(history: ChangeLogQuery, batch: &[Change]) -> Option<ChangeLogQuery> {
    let last = batch.last().filter(|_| batch.len() == size(history))?;
    let left = |limit: NonZeroU32| limit.get() - u32::try_from(batch.len()).unwrap_or(u32::MAX);
    Some(ChangeLogQuery {
        before: Some(last.revision()),
        limit: match history.limit {
            Some(limit) => Some(NonZeroU32::new(left(limit))?),
            None => None,
        },
        ..history
    })
}

/// How many changes the next batch has, where there are so many.
fn size(history: ChangeLogQuery) -> usize {
    let limit = history
        .limit
        .and_then(|limit| usize::try_from(limit.get()).ok());
    limit.map_or(BATCH, |limit| limit.min(BATCH))
}

fn asking(
    history: ChangeLogQuery,
    store: &Store,
) -> impl FnOnce(Reply<Batch>, Permit) -> ReadRequest + use<> {
    let before = Before {
        revision: history.before,
        user: history.user,
        most: size(history),
    };
    let keep = store.0.keeping.bin;
    move |reply, turn| ReadRequest::Before(before, keep, reply, turn)
}
