//! What has to be on the machine, and how it comes there.

pub(crate) mod apt;
pub(crate) mod axe;
pub(crate) mod browser;
pub(crate) mod once;
pub(crate) mod python;
pub(crate) mod tools;

/// Said where an installer has failed that had to ask others.
pub(crate) const NEEDS_THE_NET: &str =
    "it is installed from the net: is that reachable? What it said is above; run this again then";
