use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::connection_state::{ConnectionState, UnsentResponse};

/// The receiving side of a response.
#[derive(Debug)]
pub(super) struct Consumer {
    /// How long a message may wait to be sent.
    pub(super) send_timeout: Duration,
    /// For responses that are complete but for what waits in the buffers of their connection.
    pub(super) unsent_permits: Arc<Semaphore>,
    pub(super) connection: Option<Arc<ConnectionState>>,
}

impl Consumer {
    pub(super) fn acquire_unsent_permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.unsent_permits).try_acquire_owned().ok()
    }

    /// Lets the connection be closed if it does not send the complete response in time.
    pub(super) fn track_unsent(&mut self) -> Option<UnsentResponse> {
        self.connection.take().map(ConnectionState::track_unsent)
    }

    pub(super) fn close_connection(&self) {
        if let Some(connection) = &self.connection {
            connection.close();
        }
    }
}
