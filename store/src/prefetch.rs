//! Reading one batch ahead of a consumer.

use frontdesk_directory::Error;
use tokio::sync::mpsc;

use crate::{
    permits::{Permit, Permits},
    reply::{Reply, Response, receive},
};

/// A bounded queue of requests. A request needs a permit in addition to a slot in the queue.
pub(crate) struct Queue<'a, R> {
    pub(crate) sender: &'a mpsc::Sender<R>,
    pub(crate) permits: Option<&'a Permits>,
}

/// A reserved slot in a [`Queue`].
pub(crate) struct Slot<'a, R> {
    place: mpsc::Permit<'a, R>,
    permit: Option<Permit>,
}

impl<'a, R> Queue<'a, R> {
    /// A slot, if one is free.
    pub(crate) fn try_reserve(&self) -> Result<Option<Slot<'a, R>>, Error> {
        let permit = match self.permits.map(Permits::try_acquire) {
            Some(None) => return Ok(None),
            permit => permit.flatten(),
        };
        match self.sender.try_reserve() {
            Ok(place) => Ok(Some(Slot { place, permit })),
            Err(mpsc::error::TrySendError::Full(())) => Ok(None),
            Err(mpsc::error::TrySendError::Closed(())) => Err(Error::ShuttingDown),
        }
    }

    /// Waits for a slot.
    pub(crate) async fn reserve(&self) -> Result<Slot<'a, R>, Error> {
        let permit = match self.permits {
            Some(permits) => Some(permits.acquire().await?),
            None => None,
        };
        let place = self.sender.reserve().await;
        let place = place.map_err(|_| Error::ShuttingDown)?;
        Ok(Slot { place, permit })
    }
}

/// The next batch, if it has been requested: exactly one batch is read while the previous one is
/// consumed.
pub(crate) struct Prefetch<T>(Option<Response<T>>);

impl<T> Prefetch<T> {
    pub(crate) fn idle() -> Self {
        Self(None)
    }

    pub(crate) fn is_pending(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) fn request<R>(&mut self, slot: Slot<'_, R>, request: impl FnOnce(Reply<T>) -> R) {
        let (reply, response) = Reply::new(slot.permit);
        slot.place.send(request(reply));
        self.0 = Some(response);
    }

    /// Waits for the pending batch; `None` if none was requested.
    pub(crate) async fn receive(&mut self) -> Result<Option<T>, Error> {
        match self.0.take() {
            Some(response) => receive(response).await.map(Some),
            None => Ok(None),
        }
    }
}
