use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Limits how many of one kind, such as connections or calls, each client may have open at once.
/// Cloning is cheap; clones share their counts. Crates such as `governor` limit rates, not what is
/// open.
///
/// A client is an IPv4 address or the first 64 bits of an IPv6 address, which providers assign to one
/// customer.
#[derive(Debug, Clone)]
pub struct ClientLimit {
    max: usize,
    counts: Arc<Counts>,
}

type Counts = Mutex<HashMap<IpAddr, usize>>;

impl ClientLimit {
    /// Allows each client `max` at once.
    #[must_use]
    pub fn new(max: usize) -> Self {
        Self {
            max,
            counts: Arc::default(),
        }
    }

    /// Counts one more until the permit is dropped; `None` if the client has reached its limit.
    #[must_use]
    pub fn acquire(&self, address: IpAddr) -> Option<ClientPermit> {
        let client = client_key(address);
        let mut counts = lock(&self.counts);
        let open = counts.get(&client).copied().unwrap_or_default();
        if open >= self.max {
            return None;
        }
        counts.insert(client, open + 1);
        Some(ClientPermit {
            client,
            counts: Arc::clone(&self.counts),
        })
    }
}

fn client_key(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// No code panics while it holds the lock.
fn lock(counts: &Counts) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Permission of a [`ClientLimit`], returned on drop.
#[derive(Debug)]
pub struct ClientPermit {
    client: IpAddr,
    counts: Arc<Counts>,
}

impl Drop for ClientPermit {
    fn drop(&mut self) {
        let mut counts = lock(&self.counts);
        if let Some(count) = counts.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acquire(limit: &ClientLimit, address: &str) -> Option<ClientPermit> {
        limit.acquire(address.parse().expect("an address"))
    }

    #[test]
    fn a_client_cannot_use_the_permits_of_others() {
        let limit = ClientLimit::new(1);
        let first = acquire(&limit, "192.0.2.1").expect("a permit");
        for same in ["192.0.2.1", "::ffff:192.0.2.1"] {
            assert!(acquire(&limit, same).is_none(), "{same}");
        }
        let other = acquire(&limit, "192.0.2.2").expect("a permit");
        drop(first);
        assert_eq!(lock(&limit.counts).len(), 1, "the client is removed");
        drop((acquire(&limit, "192.0.2.1").expect("a permit"), other));
        assert!(lock(&limit.counts).is_empty());
    }

    #[test]
    fn the_addresses_of_an_ipv6_prefix_are_one_client() {
        let limit = ClientLimit::new(2);
        let _permits = ["2001:db8::1", "2001:db8::2:3"]
            .map(|address| acquire(&limit, address).expect("a permit"));
        assert!(acquire(&limit, "2001:db8::4").is_none());
        assert!(acquire(&limit, "2001:db8:0:1::1").is_some());
    }
}
