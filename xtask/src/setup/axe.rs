//! axe-core, which finds what keeps people from using a page.

use std::path::PathBuf;

use crate::{Outcome, places, setup::npm};

/// The script that is run in a page to check it.
pub(crate) fn script() -> Outcome<PathBuf> {
    let modules = npm::modules("axe-core", &places::root().join("e2e"))?;
    Ok(modules.join("axe-core/axe.min.js"))
}
