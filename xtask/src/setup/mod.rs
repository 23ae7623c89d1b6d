//! What has to be on the machine, and how it comes there.

pub(crate) mod apt;
pub(crate) mod axe;
pub(crate) mod browser;
pub(crate) mod once;
pub(crate) mod python;
pub(crate) mod tools;
