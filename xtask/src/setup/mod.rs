//! What has to be on the machine, and how it comes there.

pub(crate) mod apt;
pub(crate) mod axe;
pub(crate) mod browser;
pub(crate) mod npm;
pub(crate) mod once;
pub(crate) mod python;
pub(crate) mod runner;
pub(crate) mod tools;

/// Said behind what went wrong where an installer had to ask others.
pub(crate) const NEEDS_THE_NET: &str =
    "if that was the network (see above), run this again when it can be reached";
