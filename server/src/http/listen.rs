//! The addresses: all of them are bound before anything is answered.

use std::{io, net::SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

use crate::failure::Failure;

/// How many connections may wait to be accepted, an address.
const BACKLOG: u32 = 1024;

/// Binds every address.
///
/// # Errors
///
/// Names the setting and the address that can't be had. Where nobody asked for these addresses
/// (`asked` is false), one of a family that this machine does not have is left out, so that the
/// defaults work without IPv6.
pub fn bind(addresses: &[SocketAddr], asked: bool) -> Result<Vec<TcpListener>, Failure> {
    let mut listeners = Vec::with_capacity(addresses.len());
    for &address in addresses {
        match listen(address) {
            Ok(listener) => listeners.push(listener),
            Err(error) if !asked && is_missing_family(&error) => {
                tracing::warn!(%address, "left out: this machine does not have that family of addresses");
            }
            Err(error) => return Err(refusal(address, &error)),
        }
    }
    if listeners.is_empty() {
        return Err(Failure::usage("--listen: no address to listen on"));
    }
    Ok(listeners)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A restart must not wait for the old connections' TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn is_missing_family(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = if cfg!(target_os = "macos") { 47 } else { 97 };
    error.kind() == io::ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(EAFNOSUPPORT)
}

fn refusal(address: SocketAddr, error: &io::Error) -> Failure {
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there already; end it, or choose another port".to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "this user may not listen there; ports below 1024 belong to the administrator"
                .to_owned()
        }
        io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
        _ => error.to_string(),
    };
    Failure::usage(format!("--listen: can't listen on {address}: {why}"))
}
