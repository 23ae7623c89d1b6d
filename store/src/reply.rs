//! The response to a queued request.

use frontdesk_directory::Error;
use tokio::sync::oneshot;

use crate::permits::Permit;

pub(crate) type Response<T> = oneshot::Receiver<Result<T, Error>>;

/// Sends the response to a queued request. A requester that has stopped waiting is not an error.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    sender: oneshot::Sender<Result<T, Error>>,
    /// Held until the response is sent.
    permit: Option<Permit>,
}

impl<T> Reply<T> {
    pub(crate) fn new(permit: Option<Permit>) -> (Self, Response<T>) {
        let (sender, response) = oneshot::channel();
        (Self { sender, permit }, response)
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    pub(crate) fn send(self, response: Result<T, Error>) {
        self.sender.send(response).ok();
        drop(self.permit);
    }
}

/// Waits for a response; without one, the store is shutting down.
pub(crate) async fn receive<T>(response: Response<T>) -> Result<T, Error> {
    response.await.unwrap_or(Err(Error::ShuttingDown))
}
