//! System packages, on Debian and Ubuntu.

use std::{fs, process::Command};

use rustix::process::geteuid;

use crate::{Result, paths, process, setup::install};

/// Installs `packages`; an error on other systems and without root or sudo.
pub(crate) fn install(packages: &[&str]) -> Result {
    if paths::find_on_path("apt-get").is_none() {
        return Err("there is no apt-get to install it with".into());
    }
    install::exclusively("apt-get", || {
        eprintln!(
            "xtask: installing {} with apt-get (one to three minutes)",
            packages.join(", ")
        );
        // An update fails if any package source is unreachable, also one that is not needed. Only
        // a failed installation is an error.
        let updated = process::run(apt_get()?.arg("update"));
        let installed = process::run(
            apt_get()?
                .args(["install", "--yes", "--no-install-recommends"])
                .args(packages),
        );
        match (installed, updated) {
            (Err(error), Err(_)) => Err(format!("{error} (`apt-get update` failed, too)").into()),
            (installed, _) => installed,
        }
    })
}

/// Ubuntu's browser packages have other names.
pub(crate) fn is_ubuntu() -> bool {
    fs::read_to_string("/etc/os-release")
        .is_ok_and(|release| release.lines().any(|line| line == "ID=ubuntu"))
}

/// `apt-get` as root, without prompts.
fn apt_get() -> Result<Command> {
    let mut command;
    if geteuid().is_root() {
        command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
    } else if paths::find_on_path("sudo").is_some() {
        command = Command::new("sudo");
        command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    } else {
        return Err("installing packages needs root, and there is no sudo".into());
    }
    // Waits for another program that is installing packages.
    command.args(["--quiet", "--option", "DPkg::Lock::Timeout=300"]);
    Ok(command)
}
