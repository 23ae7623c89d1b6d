//! What a connection has open, and a way to close it from inside of a call.

use std::{
    future::pending,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{Extensions, Request, Response};
use hyper::service::Service;
use tokio::{sync::OwnedSemaphorePermit, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{
    body_guard::{HeldBody, HeldFuture},
    clients::Client,
    permits::Place,
};

/// One connection, as its calls know it: stands in the extensions of each request.
#[derive(Debug)]
pub(crate) struct Connection {
    begun: AtomicUsize,
    ended: AtomicUsize,
    close: CancellationToken,
    /// Whole answers that have not been taken yet: those of this turn and those of the one before.
    unread: [AtomicUsize; 2],
    turn: AtomicUsize,
    peer: IpAddr,
    /// Its places among its client's and among all: a connection that has become a socket keeps them
    /// for as long as that is open.
    client: Client,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    pub(crate) fn new(peer: IpAddr, client: Client, place: OwnedSemaphorePermit) -> Self {
        Self {
            begun: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            close: CancellationToken::new(),
            unread: [AtomicUsize::new(0), AtomicUsize::new(0)],
            turn: AtomicUsize::new(0),
            peer,
            client,
            _place: place,
        }
    }

    /// A place for one more call of its client's; nothing where there is none left.
    pub(crate) fn call(&self) -> Option<Place> {
        self.client.call()
    }

    /// Closes it at once, with all that it has open.
    pub(crate) fn close(&self) {
        self.close.cancel();
    }

    /// Done when somebody has closed it.
    pub(crate) async fn closed(&self) {
        self.close.cancelled().await;
    }

    /// Done when no call has been open for that long, or up to twice as long: one look in each
    /// such time costs nothing, however many calls there are.
    pub(crate) async fn idle(&self, timeout: Duration) {
        let mut before = None;
        loop {
            // What has ended first: a call that begins in between is not taken for one that has
            // ended.
            let ended = self.ended.load(Ordering::Acquire);
            let begun = self.begun.load(Ordering::Acquire);
            if begun == ended && before == Some(begun) {
                return;
            }
            before = (begun == ended).then_some(begun);
            sleep(timeout).await;
        }
    }

    /// Done where no call has ever begun in that time; never where one has.
    pub(crate) async fn unused(&self, grace: Duration) {
        sleep(grace).await;
        if self.begun.load(Ordering::Acquire) > 0 {
            pending::<()>().await;
        }
    }
}

impl Connection {
    /// Counts a whole answer until it has been taken.
    pub(crate) fn unread(self: Arc<Self>) -> Unread {
        let slot = self.turn.load(Ordering::Relaxed) % 2;
        self.unread[slot].fetch_add(1, Ordering::Relaxed);
        Unread {
            connection: self,
            slot,
        }
    }

    /// Done when a whole answer has waited for that long, or up to twice as long, to be taken: a
    /// look in each such time, where a timer for every answer would cost each of them.
    pub(crate) async fn neglected(&self, timeout: Duration) {
        loop {
            sleep(timeout).await;
            let turn = self.turn.load(Ordering::Relaxed).wrapping_add(1);
            // What this turn would be counted with is of the one before the last.
            if self.unread[turn % 2].load(Ordering::Relaxed) > 0 {
                return;
            }
            self.turn.store(turn, Ordering::Relaxed);
        }
    }
}

/// A whole answer that has not been taken yet.
#[derive(Debug)]
pub(crate) struct Unread {
    connection: Arc<Connection>,
    slot: usize,
}

impl Drop for Unread {
    fn drop(&mut self) {
        self.connection.unread[self.slot].fetch_sub(1, Ordering::Relaxed);
    }
}

/// Who is at the other end of the connection that a request came by.
#[must_use]
pub fn peer(extensions: &Extensions) -> Option<IpAddr> {
    let connection = extensions.get::<Arc<Connection>>()?;
    Some(connection.peer)
}

/// Whether that is somebody on another machine, as far as one can tell: not one who comes over
/// loopback, by itself or mapped into IPv6.
#[must_use]
pub fn is_remote(extensions: &Extensions) -> bool {
    peer(extensions).is_some_and(|peer| !peer.to_canonical().is_loopback())
}

/// A call that is open until its answer has been handed over whole.
#[derive(Debug)]
pub(crate) struct Open(Arc<Connection>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::Release);
    }
}

/// Counts the calls of one connection.
#[derive(Debug)]
pub(crate) struct Counted<S> {
    inner: S,
    connection: Arc<Connection>,
}

impl<S> Counted<S> {
    pub(crate) fn new(inner: S, connection: Arc<Connection>) -> Self {
        Self { inner, connection }
    }
}

impl<S, Q, R> Service<Request<Q>> for Counted<S>
where
    S: Service<Request<Q>, Response = Response<R>>,
{
    type Response = Response<HeldBody<R, Open>>;
    type Error = S::Error;
    type Future = HeldFuture<S::Future, Open>;

    fn call(&self, mut request: Request<Q>) -> Self::Future {
        self.connection.begun.fetch_add(1, Ordering::Release);
        let open = Open(Arc::clone(&self.connection));
        request
            .extensions_mut()
            .insert(Arc::clone(&self.connection));
        HeldFuture::new(self.inner.call(request), open)
    }
}
