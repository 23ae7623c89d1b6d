use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::Status;

use super::limits::Limits;

/// The open WebSockets of a server: their limits, their number, and their shutdown. Cloning is cheap.
///
/// Sockets are counted per client, see [`client_key`]. Those of clients without a known address only
/// count towards the server's limit.
#[derive(Debug, Clone)]
pub struct SocketRegistry(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limits: Limits,
    open: AtomicUsize,
    by_client: Mutex<HashMap<IpAddr, usize>>,
    tasks: TaskTracker,
    shutdown: CancellationToken,
    abort: CancellationToken,
    shutdown_status: Status,
}

impl SocketRegistry {
    /// An empty registry. Once `shutdown` is cancelled, no more sockets are opened, and those without
    /// a call are closed.
    #[must_use]
    pub fn new(limits: Limits, shutdown: CancellationToken) -> Self {
        Self(Arc::new(Shared {
            limits,
            open: AtomicUsize::new(0),
            by_client: Mutex::default(),
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

    pub(super) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(super) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    pub(super) fn shutdown(&self) -> &CancellationToken {
        &self.0.shutdown
    }

    pub(super) fn shutdown_status(&self) -> &Status {
        &self.0.shutdown_status
    }

    pub(super) fn abort(&self) -> &CancellationToken {
        &self.0.abort
    }

    pub(super) fn acquire(&self, client: Option<IpAddr>) -> Result<SocketPermit, LimitReached> {
        let mut permit = SocketPermit {
            registry: self.clone(),
            client: None,
        };
        // If this exceeds the limit, dropping the permit undoes it.
        if self.0.open.fetch_add(1, Ordering::Relaxed) >= self.0.limits.max_sockets {
            return Err(LimitReached::Server);
        }
        if let Some(client) = client.map(client_key) {
            let mut clients = self.clients();
            let count = clients.entry(client).or_default();
            if *count >= self.0.limits.max_sockets_per_client {
                return Err(LimitReached::Client);
            }
            *count += 1;
            permit.client = Some(client);
        }
        Ok(permit)
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0
            .by_client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The key under which addresses count as the same client: the address itself, or the first 64 bits
/// of an IPv6 address, which providers assign to one customer.
#[must_use]
pub fn client_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
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
    registry: SocketRegistry,
    /// The client that the socket is counted for.
    client: Option<IpAddr>,
}

impl Drop for SocketPermit {
    fn drop(&mut self) {
        self.registry.0.open.fetch_sub(1, Ordering::Relaxed);
        let Some(client) = self.client else { return };
        let mut clients = self.registry.clients();
        if let Some(count) = clients.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                clients.remove(&client);
            }
        }
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
        assert_eq!(registry.clients().len(), 1, "the closed client is removed");
        assert!(acquire(&registry, "192.0.2.1").is_ok());
    }

    #[test]
    fn the_addresses_of_an_ipv6_prefix_are_one_client() {
        let registry = registry(9, 1);
        let _first = acquire(&registry, "2001:db8::1").expect("a permit");
        assert_eq!(
            acquire(&registry, "2001:db8::2:3").err(),
            Some(LimitReached::Client)
        );
        assert!(acquire(&registry, "2001:db8:0:1::1").is_ok());
    }
}
