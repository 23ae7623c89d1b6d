use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::Status;

use super::{
    super::client_limit::{ClientLimit, ClientPermit},
    limits::Limits,
};

/// The open sockets of a server: their limits, their number, and their shutdown. Cloning is cheap.
///
/// Sockets are counted per client, see [`ClientLimit`]. Those of clients without a known address only
/// count towards the server's limit.
#[derive(Debug, Clone)]
pub struct SocketRegistry(Arc<Shared>);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) limits: Limits,
    open: AtomicUsize,
    client_limit: ClientLimit,
    pub(super) tasks: TaskTracker,
    pub(super) shutdown: CancellationToken,
    pub(super) abort: CancellationToken,
    pub(super) shutdown_status: Status,
}

impl SocketRegistry {
    /// An empty registry. Once `shutdown` is cancelled, no more sockets are opened, and those without
    /// a call are closed.
    #[must_use]
    pub fn new(limits: Limits, shutdown: CancellationToken) -> Self {
        Self(Arc::new(Shared {
            limits,
            open: AtomicUsize::new(0),
            client_limit: ClientLimit::new(limits.max_sockets_per_client),
            tasks: TaskTracker::new(),
            shutdown,
            abort: CancellationToken::new(),
            shutdown_status: Status::unavailable("the server has shut down"),
        }))
    }

    /// Sets the status of calls that [`SocketRegistry::abort_all`] aborts. By default it is
    /// `UNAVAILABLE` without details.
    ///
    /// # Panics
    ///
    /// If the registry has been cloned.
    #[must_use]
    pub fn with_shutdown_status(mut self, status: Status) -> Self {
        Arc::get_mut(&mut self.0)
            .expect("set before the registry is cloned")
            .shutdown_status = status;
        self
    }

    /// Completes when no socket is open. Call this only once no more sockets can be opened.
    pub async fn wait_closed(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// Cancels all calls, sends the shutdown status to clients that still read, and closes all
    /// sockets within two seconds.
    pub async fn abort_all(&self) {
        self.0.abort.cancel();
        self.wait_closed().await;
    }

    /// The number of open sockets.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.0.open.load(Ordering::Relaxed)
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.0
    }

    pub(super) fn acquire(&self, client: Option<IpAddr>) -> Result<SocketPermit, LimitReached> {
        let open = OpenSocket(self.clone());
        // If this exceeds the limit, dropping `open` undoes it.
        if self.0.open.fetch_add(1, Ordering::Relaxed) >= self.0.limits.max_sockets {
            return Err(LimitReached::Server);
        }
        let client = match client {
            Some(client) => {
                let permit = self.0.client_limit.acquire(client);
                Some(permit.ok_or(LimitReached::Client)?)
            }
            None => None,
        };
        Ok(SocketPermit {
            _open: open,
            _client: client,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LimitReached {
    Server,
    Client,
}

/// Permission for one open socket, returned on drop.
#[derive(Debug)]
pub(super) struct SocketPermit {
    _open: OpenSocket,
    _client: Option<ClientPermit>,
}

/// Counts towards the server's limit until it is dropped.
#[derive(Debug)]
struct OpenSocket(SocketRegistry);

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.0.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn registry(max_sockets: usize, max_sockets_per_client: usize) -> SocketRegistry {
        let limits = Limits {
            max_sockets,
            max_sockets_per_client,
            max_header_bytes: 1,
            header_timeout: Duration::ZERO,
            max_message_bytes: 1,
            keepalive_interval: Duration::ZERO,
            send_timeout: Duration::ZERO,
        };
        SocketRegistry::new(limits, CancellationToken::new())
    }

    fn acquire(registry: &SocketRegistry, address: &str) -> Result<SocketPermit, LimitReached> {
        registry.acquire(Some(address.parse().expect("an address")))
    }

    #[test]
    fn sockets_beyond_the_limit_are_rejected_until_one_is_closed() {
        let registry = registry(2, 2);
        let first = registry.acquire(None).expect("a permit");
        let _second = registry.acquire(None).expect("a permit");
        assert_eq!(registry.acquire(None).err(), Some(LimitReached::Server));
        drop(first);
        assert_eq!(registry.open_count(), 1);
        assert!(registry.acquire(None).is_ok());
    }

    #[test]
    fn a_client_cannot_use_the_permits_of_others() {
        let registry = registry(9, 1);
        let first = acquire(&registry, "192.0.2.1").expect("a permit");
        for same in ["192.0.2.1", "::ffff:192.0.2.1"] {
            assert_eq!(acquire(&registry, same).err(), Some(LimitReached::Client));
        }
        let _other = acquire(&registry, "192.0.2.2").expect("a permit");
        drop(first);
        assert!(acquire(&registry, "192.0.2.1").is_ok());
    }
}
