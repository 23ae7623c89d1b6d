//! Limits on what runs or waits concurrently.

use std::sync::Arc;

use frontdesk_directory::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Clone, Debug)]
pub(crate) struct Permits(Arc<Semaphore>);

/// Returned when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Permits {
    pub(crate) fn new(limit: usize) -> Self {
        Self(Arc::new(Semaphore::new(limit)))
    }

    pub(crate) fn try_acquire(&self) -> Option<Permit> {
        Arc::clone(&self.0).try_acquire_owned().ok().map(Permit)
    }

    pub(crate) async fn acquire(&self) -> Result<Permit, Error> {
        let permit = Arc::clone(&self.0).acquire_owned().await;
        permit.map(Permit).map_err(|_| Error::ShuttingDown)
    }
}
