//! Changes as they come, to each who watches at their own pace.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::{Stream, stream::BoxStream};
use futures_util::stream;
use tokio::sync::watch;

use super::{
    Store,
    change_log::After,
    prefetch::{Permit, Prefetch},
    reader::{ReadRequest, Reply},
    recent_changes::Head,
};
use frontdesk_directory::{Change, Error, Revision};

/// How many changes a batch has at most.
const BATCH: usize = 256;

type Batch = Vec<Arc<Change>>;

/// Every change after a revision, in batches, without end.
///
/// Who watches holds a position, and no change that waits for them: they are woken when there is more,
/// and take it from the newest changes, which all share. Who is behind these reads the record, one
/// batch ahead of what is taken, until they have caught up.
pub struct Watch(BoxStream<'static, Result<Batch, Error>>);

impl Watch {
    pub(super) fn new(store: Store, from: Revision) -> Self {
        let watcher = Watcher {
            ahead: Prefetch::nothing(),
            position: from,
            head: store.0.live.head(),
            store,
        };
        Self(Box::pin(stream::try_unfold(
            watcher,
            async |mut watcher| {
                let batch = watcher.next().await?;
                Ok(Some((batch, watcher)))
            },
        )))
    }
}

impl Stream for Watch {
    type Item = Result<Batch, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

struct Watcher {
    ahead: Prefetch<Batch>,
    /// All up to here has been handed out.
    position: Revision,
    head: watch::Receiver<Head>,
    store: Store,
}

impl Watcher {
    /// What comes next, once there is something.
    async fn next(&mut self) -> Result<Batch, Error> {
        while !self.ahead.is_asked() {
            let recent = self.recent(BATCH);
            if !recent.is_empty() {
                return Ok(self.pass(recent));
            }
            if self.is_behind() {
                break;
            }
            // The store, whom this holds, has the other end.
            let changed = self.head.changed().await;
            changed.map_err(|_| Error::ShuttingDown)?;
        }
        let ask = self.asking();
        let batch = self.ahead.take(&self.store, ask).await?;
        let batch = self.pass(batch);
        if self.recent(1).is_empty() && self.is_behind() {
            let ask = self.asking();
            self.ahead.ask(&self.store, ask);
        }
        Ok(batch)
    }

    /// Of the newest changes those that come next, where they are among them.
    fn recent(&self, most: usize) -> Batch {
        self.store.0.live.after(self.position, most)
    }

    /// Whether there is more by now. What comes later will wake.
    fn is_behind(&mut self) -> bool {
        self.position < self.head.borrow_and_update().revision
    }

    fn pass(&mut self, batch: Batch) -> Batch {
        if let Some(last) = batch.last() {
            self.position = last.revision();
        }
        batch
    }

    fn asking(&self) -> impl FnOnce(Reply<Batch>, Permit) -> ReadRequest + use<> {
        let after = After {
            revision: self.position,
            most: BATCH,
        };
        let keep = self.store.0.keeping.bin;
        move |reply, turn| ReadRequest::After(after, keep, reply, turn)
    }
}
