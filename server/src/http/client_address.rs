//! The network address of a request's client.

use std::{net::IpAddr, sync::Arc};

use http::Extensions;

use super::connection_state::ConnectionState;

/// The address at the other end of the connection; `None` without a connection, as in tests of a
/// single layer.
#[must_use]
pub fn of(extensions: &Extensions) -> Option<IpAddr> {
    let connection = extensions.get::<Arc<ConnectionState>>()?;
    Some(connection.client_address())
}

/// Whether the client is on another machine: its address is not a loopback address, nor one mapped
/// into IPv6.
#[must_use]
pub fn is_remote(extensions: &Extensions) -> bool {
    of(extensions).is_some_and(|address| !address.to_canonical().is_loopback())
}
