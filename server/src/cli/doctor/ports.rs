//! The addresses that a server listens on.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use frontdesk_store as store;

use super::check::Check;
use crate::{cli::client::is_frontdesk, config::Settings};

const NAME: &str = "port";

/// One check per address.
pub(super) fn all(settings: &Settings) -> Vec<Check> {
    let own = store::server_addresses(&settings.data);
    let is_default = settings.listen == Settings::default().listen;
    settings
        .listen
        .iter()
        .map(|&address| port(address, &own, is_default))
        .collect()
}

/// `own` are the addresses of the server that has the data directory open.
fn port(address: SocketAddr, own: &[String], is_default: bool) -> Check {
    let Err(error) = TcpListener::bind(address) else {
        return Check::ok(NAME, format!("{address} is free"));
    };
    match error.kind() {
        io::ErrorKind::AddrInUse if is_one_of(address, own) => Check::ok(
            NAME,
            format!("{address} is used by the server of this data directory"),
        ),
        io::ErrorKind::AddrInUse if is_frontdesk(&format!("http://{address}")) => Check::failed(
            NAME,
            format!(
                "{address} is used by a Frontdesk server with another data directory: use another \
                 port with --listen"
            ),
        ),
        io::ErrorKind::AddrInUse => Check::failed(
            NAME,
            format!(
                "{address} is used by another program (see `ss -ltnp`): stop it, or use another \
                 port with --listen"
            ),
        ),
        // A server without --listen starts without IPv6 as well.
        _ if is_default && address.is_ipv6() => {
            Check::ok(NAME, format!("{address} is not available: {error}"))
        }
        _ => Check::failed(
            NAME,
            format!("{address} is not available: {error}; use another address with --listen"),
        ),
    }
}

/// The unspecified address includes all addresses.
fn is_one_of(address: SocketAddr, own: &[String]) -> bool {
    own.iter().any(|url| {
        let authority = url.split("://").last().unwrap_or_default();
        let own = authority.trim_end_matches('/').parse::<SocketAddr>();
        own.is_ok_and(|own| {
            let any = own.ip().is_unspecified() || address.ip().is_unspecified();
            own.port() == address.port() && (any || own.ip() == address.ip())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_the_unspecified_address_uses_the_port_on_all_addresses() {
        for (address, own, expected) in [
            ("127.0.0.1:50051", "http://127.0.0.1:50051/", true),
            ("127.0.0.1:50051", "https://0.0.0.0:50051/", true),
            ("[::1]:50051", "http://[::]:50051/", true),
            ("0.0.0.0:50051", "http://127.0.0.1:50051/", true),
            ("127.0.0.1:50051", "http://127.0.0.1:50052/", false),
            ("127.0.0.1:50051", "http://192.0.2.1:50051/", false),
        ] {
            let address = address.parse().expect("an address");
            assert_eq!(is_one_of(address, &[own.to_owned()]), expected, "{own}");
        }
    }
}
