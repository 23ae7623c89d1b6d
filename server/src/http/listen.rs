//! Binding the listening sockets.

use std::{io, net::SocketAddr};

use tokio::net::{TcpListener, TcpSocket};

use super::SetupError;

/// The number of connections that may wait to be accepted on one address.
const BACKLOG: u32 = 1024;

/// Binds all addresses, or none.
///
/// Unless the addresses were given explicitly, those of an address family that this machine lacks are
/// skipped: the defaults work without IPv6.
///
/// # Errors
///
/// An address cannot be bound, or none is left.
pub fn bind(addresses: &[SocketAddr], are_explicit: bool) -> Result<Vec<TcpListener>, SetupError> {
    let mut listeners = Vec::with_capacity(addresses.len());
    for &address in addresses {
        match listen(address) {
            Ok(listener) => listeners.push(listener),
            Err(error) if !are_explicit && is_unsupported_family(&error) => {
                tracing::warn!(%address, "address skipped: this machine does not support its family");
            }
            Err(error) => return Err(setup_error(address, &error)),
        }
    }
    if listeners.is_empty() {
        return Err(SetupError::setting("--listen", "no address to listen on"));
    }
    Ok(listeners)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    // A restart must not wait until old connections have left TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn is_unsupported_family(error: &io::Error) -> bool {
    const EAFNOSUPPORT: i32 = if cfg!(target_os = "macos") { 47 } else { 97 };
    error.kind() == io::ErrorKind::AddrNotAvailable || error.raw_os_error() == Some(EAFNOSUPPORT)
}

fn setup_error(address: SocketAddr, error: &io::Error) -> SetupError {
    let reason = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program is using this port; stop it, or choose another port".to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "permission denied; ports below 1024 need administrator rights".to_owned()
        }
        io::ErrorKind::AddrNotAvailable => "this machine does not have this address".to_owned(),
        _ => error.to_string(),
    };
    SetupError::setting("--listen", format!("cannot listen on {address}: {reason}"))
}
