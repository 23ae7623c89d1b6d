//! The command line of `cargo xtask dev`.

use std::{
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener},
};

use crate::Result;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Options {
    /// Where the server listens.
    pub(super) port: u16,
    /// Where `trunk serve` listens.
    pub(super) page_port: u16,
    /// Passed to `frontdesk serve`.
    pub(super) server_flags: Vec<String>,
}

impl Options {
    pub(super) fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            port: 50051,
            page_port: 8080,
            server_flags: Vec::new(),
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let (flag, value) = match argument.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (argument.as_str(), None),
            };
            let port = match flag {
                "--port" => &mut options.port,
                "--page-port" => &mut options.page_port,
                "--listen" => return Err("`dev` does not accept --listen: use --port".into()),
                _ => {
                    options.server_flags.push(argument.clone());
                    continue;
                }
            };
            let value = value.or_else(|| arguments.next().map(String::as_str));
            *port = value
                .and_then(|value| value.parse().ok())
                .filter(|port| *port != 0)
                .ok_or_else(|| format!("{flag} needs a port number from 1 to 65535"))?;
        }
        if options.port == options.page_port {
            return Err("server and page cannot share a port: change --port or --page-port".into());
        }
        Ok(options)
    }

    /// An error if a port is in use. Checked before anything is built, which takes minutes.
    pub(super) fn check_ports(&self) -> Result {
        for (port, flag) in [(self.port, "--port"), (self.page_port, "--page-port")] {
            let addresses = [
                IpAddr::from(Ipv4Addr::LOCALHOST),
                IpAddr::from(Ipv6Addr::LOCALHOST),
            ];
            for address in addresses {
                // Other errors, such as missing IPv6, are left to the programs that listen.
                if let Err(error) = TcpListener::bind((address, port))
                    && error.kind() == ErrorKind::AddrInUse
                {
                    return Err(format!(
                        "port {port} is in use: free it, or set another with {flag}"
                    )
                    .into());
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options> {
        let arguments: Vec<String> = arguments.iter().map(|&it| it.into()).collect();
        Options::parse(&arguments)
    }

    #[test]
    fn other_flags_go_to_the_server() {
        let options = parse(&["--port", "50061", "--data", "x", "--page-port=8081"]);
        let expected = Options {
            port: 50061,
            page_port: 8081,
            server_flags: vec!["--data".into(), "x".into()],
        };
        assert_eq!(options.expect("valid options"), expected);
    }

    #[test]
    fn invalid_ports_are_errors() {
        for arguments in [
            &["--port"][..],
            &["--port", "x"],
            &["--page-port=70000"],
            &["--port=0"],
            &["--port=8080"],
            &["--listen", "127.0.0.1:1"],
        ] {
            assert!(parse(arguments).is_err(), "{arguments:?}");
        }
    }

    #[test]
    fn a_port_in_use_is_an_error() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("bind a free port");
        let port = listener.local_addr().expect("its address").port();
        let options = parse(&["--port", &port.to_string()]).expect("valid options");
        let error = options.check_ports().expect_err("the port is in use");
        assert!(error.to_string().contains("--port"), "{error}");
    }
}
