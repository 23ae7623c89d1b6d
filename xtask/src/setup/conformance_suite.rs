//! The conformance suite of Connect, gRPC and gRPC-Web: its runner, a Go program, and its `.proto`
//! files, both taken from the suite's Go module.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result, paths, process,
    setup::{NETWORK_HINT, apt, install},
};

const MODULE: &str = "connectrpc.com/conformance";
const VERSION: &str = "v1.0.6";
/// The module's hash as a go.sum file states it. It covers the `.proto` files and the module's own
/// go.sum, which pins the hashes of its dependencies.
const HASH: &str = "h1:6XlWDDKemua7Sm6+Q9KLjyqQqRzOiC2i+sIllnqQ/7A=";
/// In the module and in the cache directory.
const PROTO_FOLDER: &str = "proto/connectrpc/conformance/v1";
const INSTALL_HINT: &str =
    "the conformance suite needs Go 1.21 or later: install it (https://go.dev/dl)";

/// An installed suite.
pub(crate) struct Suite {
    pub(crate) runner: PathBuf,
    protos: PathBuf,
}

impl Suite {
    /// Needs Go only when the suite is not in the cache directory yet.
    pub(crate) fn find_or_install() -> Result<Self> {
        let name = format!("tools/connectconformance-{VERSION}");
        let folder = install::once(&name, is_complete, install)?;
        Ok(Self {
            runner: runner(&folder),
            protos: folder.join("proto"),
        })
    }

    /// Makes a cargo command include the package `frontdesk-conformance` with everything that is
    /// generated from the suite's `.proto` files.
    pub(crate) fn enable<'a>(&self, cargo: &'a mut Command) -> &'a mut Command {
        cargo
            .args(["--features", "frontdesk-conformance/suite"])
            .env("FRONTDESK_CONFORMANCE_PROTO", &self.protos)
    }
}

fn runner(folder: &Path) -> PathBuf {
    folder.join("bin/connectconformance")
}

fn is_complete(folder: &Path) -> bool {
    let mut version = Command::new(runner(folder));
    folder.join(PROTO_FOLDER).join("service.proto").is_file()
        && process::output(version.arg("--version")).is_ok_and(|output| output.contains(VERSION))
}

fn install(folder: &Path) -> Result {
    if paths::find_on_path("go").is_none() {
        apt::install(&["golang-go"]).map_err(|error| format!("{error}; {INSTALL_HINT}"))?;
    }
    eprintln!("xtask: installing connectconformance {VERSION} (one to two minutes)");
    let failed = |error| format!("{error}; {INSTALL_HINT}; {NETWORK_HINT}");
    let module = format!("{MODULE}@{VERSION}");
    process::run(go(folder).args(["mod", "download", &module])).map_err(failed)?;
    let json = process::output(go(folder).args(["mod", "download", "-json", &module]))?;
    let hash = json_string(&json, "Sum").unwrap_or_default();
    if hash != HASH {
        return Err(format!("{module} has the hash {hash}, expected {HASH}").into());
    }
    let source = Path::new(json_string(&json, "Dir").ok_or("go did not report a folder")?);

    let protos = folder.join(PROTO_FOLDER);
    fs::create_dir_all(&protos)?;
    for file in fs::read_dir(source.join(PROTO_FOLDER))? {
        let file = file?;
        fs::copy(file.path(), protos.join(file.file_name()))?;
    }
    // Built inside the module, so that its own go.sum verifies the dependencies.
    process::run(
        go(source)
            .args(["build", "-mod=readonly", "-trimpath", "-o"])
            .arg(runner(folder))
            .arg("./cmd/connectconformance"),
    )
    .map_err(|error| failed(error).into())
}

/// `go` in `folder`, without the user's settings for other projects.
fn go(folder: &Path) -> Command {
    let mut go = Command::new("go");
    go.current_dir(folder)
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        // Verified by [`HASH`] instead of the public checksum database.
        .env("GONOSUMDB", MODULE);
    go
}

/// The value of `key` in the output of `go mod download -json`, which has one key per line.
fn json_string<'a>(json: &'a str, key: &str) -> Option<&'a str> {
    let prefix = format!("\"{key}\": \"");
    let value = json
        .lines()
        .find_map(|line| line.trim().strip_prefix(&prefix))?;
    Some(value.trim_end_matches(',').trim_end_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::json_string;

    #[test]
    fn values_are_found_by_their_keys() {
        let json = "{\n\t\"Dir\": \"/go/pkg/mod/x@v1\",\n\t\"Sum\": \"h1:abc=\"\n}\n";
        assert_eq!(json_string(json, "Dir"), Some("/go/pkg/mod/x@v1"));
        assert_eq!(json_string(json, "Sum"), Some("h1:abc="));
        assert_eq!(json_string(json, "GoModSum"), None);
    }
}
