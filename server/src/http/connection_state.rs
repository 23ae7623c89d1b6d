//! The state of one connection. Its calls find it in the extensions of their requests.

use std::{
    future::pending,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use frontdesk_transport::server::ClientPermit;
use tokio::{sync::OwnedSemaphorePermit, time::sleep};
use tokio_util::sync::CancellationToken;

#[derive(Debug)]
pub(crate) struct ConnectionState {
    client_address: IpAddr,
    /// Held for as long as any call: a connection that was upgraded to a WebSocket still counts.
    _permits: (OwnedSemaphorePermit, ClientPermit),
    started_calls: AtomicUsize,
    ended_calls: AtomicUsize,
    close: CancellationToken,
    /// Complete responses that wait to be sent: those of the current interval, and of the one before.
    unsent: [AtomicUsize; 2],
    interval: AtomicUsize,
}

impl ConnectionState {
    pub(crate) fn new(
        client_address: IpAddr,
        server_permit: OwnedSemaphorePermit,
        client_permit: ClientPermit,
    ) -> Self {
        Self {
            client_address,
            _permits: (server_permit, client_permit),
            started_calls: AtomicUsize::new(0),
            ended_calls: AtomicUsize::new(0),
            close: CancellationToken::new(),
            unsent: [AtomicUsize::new(0), AtomicUsize::new(0)],
            interval: AtomicUsize::new(0),
        }
    }

    pub(crate) fn client_address(&self) -> IpAddr {
        self.client_address
    }

    /// Closes the connection at once, with all its calls.
    pub(crate) fn close(&self) {
        self.close.cancel();
    }

    /// Completes once [`close`](Self::close) has been called.
    pub(crate) async fn closed(&self) {
        self.close.cancelled().await;
    }

    /// Counts a call until the returned value is dropped.
    pub(super) fn start_call(self: &Arc<Self>) -> OpenCall {
        self.started_calls.fetch_add(1, Ordering::Release);
        OpenCall(Arc::clone(self))
    }

    /// Completes when there has been no open call for `timeout`, at most twice as late: one check per
    /// `timeout` is cheaper than a timer that every call resets.
    pub(super) async fn idle(&self, timeout: Duration) {
        let mut previous = None;
        loop {
            // In this order, a call that starts in between does not look like one that has ended.
            let ended = self.ended_calls.load(Ordering::Acquire);
            let started = self.started_calls.load(Ordering::Acquire);
            if started == ended && previous == Some(started) {
                return;
            }
            previous = (started == ended).then_some(started);
            sleep(timeout).await;
        }
    }

    /// Completes if no call starts within `timeout`; otherwise never.
    pub(super) async fn unused(&self, timeout: Duration) {
        sleep(timeout).await;
        if self.started_calls.load(Ordering::Acquire) > 0 {
            pending::<()>().await;
        }
    }

    /// Counts a complete response as unsent until the returned value is dropped.
    pub(crate) fn track_unsent(self: Arc<Self>) -> UnsentResponse {
        let slot = self.interval.load(Ordering::Relaxed) % 2;
        self.unsent[slot].fetch_add(1, Ordering::Relaxed);
        UnsentResponse {
            connection: self,
            slot,
        }
    }

    /// Completes when a complete response has been unsent for `timeout`, at most twice as late: one
    /// check per `timeout` is cheaper than a timer for every response.
    pub(super) async fn stalled(&self, timeout: Duration) {
        loop {
            sleep(timeout).await;
            let next = self.interval.load(Ordering::Relaxed).wrapping_add(1);
            // The slot of the next interval still holds the count of the previous one.
            if self.unsent[next % 2].load(Ordering::Relaxed) > 0 {
                return;
            }
            self.interval.store(next, Ordering::Relaxed);
        }
    }
}

/// A call whose response has not been passed to the connection completely.
#[derive(Debug)]
pub(super) struct OpenCall(Arc<ConnectionState>);

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.0.ended_calls.fetch_add(1, Ordering::Release);
    }
}

/// A complete response that waits to be sent.
#[derive(Debug)]
pub(crate) struct UnsentResponse {
    connection: Arc<ConnectionState>,
    slot: usize,
}

impl Drop for UnsentResponse {
    fn drop(&mut self) {
        self.connection.unsent[self.slot].fetch_sub(1, Ordering::Relaxed);
    }
}
