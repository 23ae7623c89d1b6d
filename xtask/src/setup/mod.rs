//! Finds tools, browsers and packages, and installs those that are missing.

pub(crate) mod apt;
pub(crate) mod browser;
pub(crate) mod conformance_suite;
mod install;
pub(crate) mod npm;
pub(crate) mod python;
pub(crate) mod tools;

/// Appended to the error of an installer that uses the network.
const NETWORK_HINT: &str = "if the network was the cause, try again when it is reachable";
