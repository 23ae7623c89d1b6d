//! The ports that a server would answer on.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use super::Finding;
use crate::{cli::client::answers, config::Settings};
use frontdesk_store as store;

const WHAT: &str = "port";

/// One finding an address.
pub(super) fn all(settings: &Settings) -> Vec<Finding> {
    let ours = store::served(&settings.data);
    let is_default = settings.listen == Settings::default_listen();
    settings
        .listen
        .iter()
        .map(|&address| port(address, &ours, is_default))
        .collect()
}

fn port(address: SocketAddr, ours: &[String], is_default: bool) -> Finding {
    let Err(error) = TcpListener::bind(address) else {
        return Finding::well(WHAT, format!("{address} is free"));
    };
    match error.kind() {
        io::ErrorKind::AddrInUse if is_one_of(address, ours) => Finding::well(
            WHAT,
            format!("{address}: the server of this folder answers"),
        ),
        io::ErrorKind::AddrInUse if answers(&format!("http://{address}")) => Finding::not_well(
            WHAT,
            format!(
                "{address}: a Frontdesk with another folder answers; --listen names another port"
            ),
        ),
        io::ErrorKind::AddrInUse => Finding::not_well(
            WHAT,
            format!(
                "{address} is taken by another program (`ss -ltnp` says which): stop that, or name \
                 another port with --listen"
            ),
        ),
        // A machine without IPv6: nobody has asked for it.
        _ if is_default && address.is_ipv6() => {
            Finding::well(WHAT, format!("{address} is not to be had: {error}"))
        }
        _ => Finding::not_well(
            WHAT,
            format!("{address} can't be had: {error}; name another with --listen"),
        ),
    }
}

/// Whether one of our server's addresses is this one, or either is all of a machine's.
fn is_one_of(address: SocketAddr, ours: &[String]) -> bool {
    ours.iter().any(|url| {
        let authority = url.split("://").last().unwrap_or_default();
        let ours = authority.trim_end_matches('/').parse::<SocketAddr>();
        ours.is_ok_and(|ours| {
            let all = ours.ip().is_unspecified() || address.ip().is_unspecified();
            ours.port() == address.port() && (all || ours.ip() == address.ip())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_all_addresses_is_ours_on_each() {
        for (address, ours, is_ours) in [
            ("127.0.0.1:50051", "http://127.0.0.1:50051/", true),
            ("127.0.0.1:50051", "https://0.0.0.0:50051/", true),
            ("[::1]:50051", "http://[::]:50051/", true),
            ("0.0.0.0:50051", "http://127.0.0.1:50051/", true),
            ("127.0.0.1:50051", "http://127.0.0.1:50052/", false),
            ("127.0.0.1:50051", "http://192.0.2.1:50051/", false),
        ] {
            let address = address.parse().expect("an address");
            assert_eq!(is_one_of(address, &[ours.to_owned()]), is_ours, "{ours}");
        }
    }
}
