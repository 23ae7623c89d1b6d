//! All sockets of one server: how many there are, whose they are, and their end.

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

use super::Limits;

/// The sockets that are open. Cloning is shallow.
///
/// A client is an address, or where that is IPv6 the 64 bits that one line is given; who has no
/// address is only counted among all.
#[derive(Debug, Clone)]
pub struct Sockets(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limits: Limits,
    open: AtomicUsize,
    by_client: Mutex<HashMap<IpAddr, usize>>,
    tasks: TaskTracker,
    draining: CancellationToken,
    cut_off: CancellationToken,
    farewell: Status,
}

impl Sockets {
    /// None yet. When `draining` is cancelled no more are opened, and those without a call are
    /// closed.
    #[must_use]
    pub fn new(limits: Limits, draining: CancellationToken) -> Self {
        Self(Arc::new(Shared {
            limits,
            open: AtomicUsize::new(0),
            by_client: Mutex::default(),
            tasks: TaskTracker::new(),
            draining,
            cut_off: CancellationToken::new(),
            farewell: Status::unavailable("the server has gone down"),
        }))
    }

    /// The status of calls that are cut off, with when to come again, for one.
    ///
    /// # Panics
    ///
    /// When there are clones already.
    #[must_use]
    pub fn with_farewell(mut self, farewell: Status) -> Self {
        Arc::get_mut(&mut self.0)
            .expect("nobody has it yet")
            .farewell = farewell;
        self
    }

    /// Done when none is open. Only to be asked once no more can be opened.
    pub async fn ended(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// Ends all that are open, within two seconds: their calls are cancelled and their peers told
    /// `UNAVAILABLE`, where they still listen.
    pub async fn cut_off(&self) {
        self.0.cut_off.cancel();
        self.ended().await;
    }

    /// How many are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.0.open.load(Ordering::Relaxed)
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(super) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    pub(super) fn draining(&self) -> &CancellationToken {
        &self.0.draining
    }

    pub(super) fn farewell(&self) -> &Status {
        &self.0.farewell
    }

    pub(super) fn cutting_off(&self) -> &CancellationToken {
        &self.0.cut_off
    }

    /// A place for one more.
    pub(super) fn enter(&self, client: Option<IpAddr>) -> Result<Place, Full> {
        let mut place = Place {
            sockets: self.clone(),
            // Nobody's until there is a place among their own.
            client: None,
        };
        // One too many is given back at once, by `place`'s drop.
        if self.0.open.fetch_add(1, Ordering::Relaxed) >= self.0.limits.sockets {
            return Err(Full::Server);
        }
        if let Some(client) = client.map(line) {
            let mut clients = self.clients();
            let theirs = clients.entry(client).or_default();
            if *theirs >= self.0.limits.sockets_a_client {
                return Err(Full::Client);
            }
            *theirs += 1;
            place.client = Some(client);
        }
        Ok(place)
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        // Nothing panics while it is held.
        self.0
            .by_client
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What makes one of several addresses one client: the address, or where that is IPv6 the 64 bits that
/// one line is given.
#[must_use]
pub fn line(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// As many sockets are open as may be.
    Server,
    /// As many of this client's are.
    Client,
}

/// A socket's place, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    sockets: Sockets,
    client: Option<IpAddr>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.sockets.0.open.fetch_sub(1, Ordering::Relaxed);
        let Some(client) = self.client else { return };
        let mut clients = self.sockets.clients();
        if let Some(theirs) = clients.get_mut(&client) {
            *theirs -= 1;
            if *theirs == 0 {
                clients.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn sockets(sockets: usize, sockets_a_client: usize) -> Sockets {
        let limits = Limits {
            sockets,
            sockets_a_client,
            header_bytes: 1,
            header_timeout: Duration::ZERO,
            message_bytes: 1,
            ping: Duration::ZERO,
            send_timeout: Duration::ZERO,
        };
        Sockets::new(limits, CancellationToken::new())
    }

    fn enter(sockets: &Sockets, address: &str) -> Result<Place, Full> {
        sockets.enter(Some(address.parse().expect("an address")))
    }

    #[test]
    fn one_too_many_is_refused_until_one_has_gone() {
        let sockets = sockets(2, 2);
        let first = sockets.enter(None).expect("a place");
        let _second = sockets.enter(None).expect("a place");
        assert_eq!(sockets.enter(None).err(), Some(Full::Server));
        drop(first);
        assert_eq!(sockets.open(), 1);
        assert!(sockets.enter(None).is_ok());
    }

    #[test]
    fn one_client_does_not_take_the_places_of_others() {
        let sockets = sockets(9, 1);
        let first = enter(&sockets, "192.0.2.1").expect("a place");
        for same in ["192.0.2.1", "::ffff:192.0.2.1"] {
            assert_eq!(enter(&sockets, same).err(), Some(Full::Client));
        }
        let _other = enter(&sockets, "192.0.2.2").expect("a place");
        drop(first);
        assert_eq!(sockets.clients().len(), 1, "who has gone is forgotten");
        assert!(enter(&sockets, "192.0.2.1").is_ok());
    }

    #[test]
    fn the_addresses_of_one_ipv6_line_are_one_client() {
        let sockets = sockets(9, 1);
        let _first = enter(&sockets, "2001:db8::1").expect("a place");
        assert_eq!(enter(&sockets, "2001:db8::2:3").err(), Some(Full::Client));
        assert!(enter(&sockets, "2001:db8:0:1::1").is_ok());
    }
}
