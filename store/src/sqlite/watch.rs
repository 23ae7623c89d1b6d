//! A watch: the changes after a revision, as an endless stream.

use std::sync::Arc;

use frontdesk_directory::{Change, Error, Revision, WatchStream};
use futures_util::stream;
use tokio::sync::watch;

use super::{reader::ReadRequest, shared::Shared};
use crate::{feed::Head, prefetch::Prefetch};

/// The maximum number of changes in a batch.
const BATCH: usize = 256;

/// The changes after a revision.
///
/// A watcher holds a position and no queue: it is woken when the feed has published changes, and reads
/// them from the recent changes, which all watchers share. If it is behind these, it reads the change
/// log, one batch ahead of its consumer, until it has caught up.
pub(super) fn watch_stream(shared: Arc<Shared>, after: Revision) -> WatchStream {
    let watcher = Watcher {
        prefetch: Prefetch::idle(),
        position: after,
        head: shared.head.clone(),
        shared,
    };
    Box::pin(stream::try_unfold(watcher, async |mut watcher| {
        let batch = watcher.next().await?;
        Ok(Some((batch, watcher)))
    }))
}

struct Watcher {
    prefetch: Prefetch<Vec<Arc<Change>>>,
    /// Every change up to here has been yielded.
    position: Revision,
    head: watch::Receiver<Head>,
    shared: Arc<Shared>,
}

impl Watcher {
    async fn next(&mut self) -> Result<Vec<Arc<Change>>, Error> {
        while !self.prefetch.is_pending() {
            let recent = self.shared.recent.after(self.position, BATCH);
            if !recent.is_empty() {
                return Ok(self.advance(recent));
            }
            if self.is_behind() {
                let slot = self.shared.change_log()?.reserve().await?;
                self.prefetch.request(slot, request(self.position));
                break;
            }
            let changed = self.head.changed().await;
            changed.map_err(|_| Error::ShuttingDown)?;
        }
        let batch = self.prefetch.receive().await?.unwrap_or_default();
        let batch = self.advance(batch);
        if self.shared.recent.after(self.position, 1).is_empty()
            && self.is_behind()
            && let Some(slot) = self.shared.change_log()?.try_reserve()?
        {
            self.prefetch.request(slot, request(self.position));
        }
        Ok(batch)
    }

    fn is_behind(&mut self) -> bool {
        self.position < self.head.borrow_and_update().revision
    }

    fn advance(&mut self, batch: Vec<Arc<Change>>) -> Vec<Arc<Change>> {
        if let Some(last) = batch.last() {
            self.position = last.revision();
        }
        batch
    }
}

fn request(
    position: Revision,
) -> impl FnOnce(crate::reply::Reply<Vec<Arc<Change>>>) -> ReadRequest {
    move |reply| ReadRequest::ChangesAfter(position, BATCH, reply)
}
