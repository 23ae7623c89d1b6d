//! Packages of the system, on Debian and Ubuntu.

use std::{fs, process::Command};

use rustix::process::geteuid;

use crate::{Outcome, places, process, setup::once};

/// Installs `packages`; an error where the system is another one or we may not.
pub(crate) fn install(packages: &[&str]) -> Outcome {
    if places::on_path("apt-get").is_none() {
        return Err("there is no apt-get here".into());
    }
    once::alone("apt-get", || {
        eprintln!(
            "xtask: installing {} with apt-get (one to three minutes)",
            packages.join(", ")
        );
        // A source that can't be reached, perhaps another program's, need not be the one that is
        // needed: what can be installed decides.
        let updated = process::run(apt_get()?.arg("update"));
        let installed = process::run(
            apt_get()?
                .args(["install", "--yes", "--no-install-recommends"])
                .args(packages),
        );
        match (installed, updated) {
            (Err(error), Err(_)) => Err(format!("{error}, and `update` before it, too").into()),
            (installed, _) => installed,
        }
    })
}

/// Whether this is Ubuntu, whose browser packages have names of their own.
pub(crate) fn is_ubuntu() -> bool {
    fs::read_to_string("/etc/os-release")
        .is_ok_and(|release| release.lines().any(|line| line == "ID=ubuntu"))
}

/// `apt-get` as root, without asking anything: neither a password nor a setting.
fn apt_get() -> Outcome<Command> {
    let mut command;
    if geteuid().is_root() {
        command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
    } else if places::on_path("sudo").is_some() {
        command = Command::new("sudo");
        command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    } else {
        return Err("only root may install packages, and there is no sudo".into());
    }
    // Another program that installs just now is waited for.
    command.args(["--quiet", "--option", "DPkg::Lock::Timeout=300"]);
    Ok(command)
}
