//! What one client has of what there is for all, so that nobody takes all of it.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use frontdesk_transport::server::websocket;

use super::permits::{Place, Places};

/// How much of it one client may have.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// Connections open at once.
    pub connections: usize,
    /// Calls under way at once, over all of them.
    pub calls: usize,
}

/// The clients that have a connection open: each an address, or where that is IPv6 the 64 bits that
/// one line is given.
#[derive(Debug)]
pub(crate) struct Clients {
    share: Share,
    open: Mutex<HashMap<IpAddr, Entry>>,
}

#[derive(Debug)]
struct Entry {
    connections: usize,
    calls: Arc<Places>,
}

impl Clients {
    pub(crate) fn new(share: Share) -> Arc<Self> {
        Arc::new(Self {
            share,
            open: Mutex::default(),
        })
    }

    /// One more connection of a client's; nothing where it has as many as it may.
    pub(crate) fn enter(clients: &Arc<Self>, peer: IpAddr) -> Option<Client> {
        let line = websocket::client_key(peer);
        let mut open = clients.open();
        let entry = open.entry(line).or_insert_with(|| Entry {
            connections: 0,
            calls: Places::new(clients.share.calls),
        });
        if entry.connections >= clients.share.connections {
            return None;
        }
        entry.connections += 1;
        Some(Client {
            calls: Arc::clone(&entry.calls),
            line,
            clients: Arc::clone(clients),
        })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<IpAddr, Entry>> {
        // Nothing panics while it is held.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's place among those of its client, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Client {
    calls: Arc<Places>,
    line: IpAddr,
    clients: Arc<Clients>,
}

impl Client {
    /// A place for one more call; nothing where the client has as many as it may.
    pub(crate) fn call(&self) -> Option<Place> {
        Place::take(&self.calls)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let mut open = self.clients.open();
        if let Some(entry) = open.get_mut(&self.line) {
            entry.connections -= 1;
            if entry.connections == 0 {
                open.remove(&self.line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_client_has_its_share_and_no_more_and_others_have_theirs() {
        let clients = Clients::new(Share {
            connections: 2,
            calls: 1,
        });
        let enter = |text| Clients::enter(&clients, address(text));
        let first = enter("2001:db8::1").expect("a connection");
        let second = enter("2001:db8::2").expect("another of the same line");
        assert!(enter("2001:db8::3").is_none());
        let other = enter("192.0.2.1").expect("somebody else's");

        let call = first.call().expect("a call");
        assert!(second.call().is_none(), "the client's only one is taken");
        assert!(other.call().is_some());
        drop(call);
        assert!(second.call().is_some());

        drop(first);
        let third = enter("2001:db8::3").expect("there is room again");
        drop((second, third, other));
        assert!(clients.open().is_empty(), "nobody is remembered");
    }
}
