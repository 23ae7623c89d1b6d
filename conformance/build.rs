//! Generates Rust from the suite's `.proto` files.
//!
//! The files are not part of this repository. With the feature `suite`, the environment variable
//! `FRONTDESK_CONFORMANCE_PROTO` names the folder that holds them; without it, nothing is generated
//! and the rest of the workspace builds without Go. A feature, not a check whether the files exist:
//! what a build contains must not depend on what has been installed.

use std::{env, error::Error, path::Path};

const VARIABLE: &str = "FRONTDESK_CONFORMANCE_PROTO";
const FILES: [&str; 2] = [
    "connectrpc/conformance/v1/client_compat.proto",
    "connectrpc/conformance/v1/server_compat.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_SUITE").is_none() {
        return Ok(());
    }
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    let folder = env::var_os(VARIABLE).ok_or_else(|| {
        format!(
            "the feature `suite` needs {VARIABLE}: run `cargo xtask conformance`, which sets both"
        )
    })?;
    println!("cargo::rerun-if-changed={}", Path::new(&folder).display());

    let descriptors = protox::compile(FILES, [folder])?;
    let mut config = prost_build::Config::new();
    // Requests are echoed inside `google.protobuf.Any`, which contains the name of their type.
    config
        .enable_type_names()
        .type_name_domain(["."], "type.googleapis.com");
    tonic_prost_build::configure()
        // `connect` over tonic's own transport does not build for wasm32.
        .build_transport(false)
        .compile_fds_with_config(descriptors, config)?;
    Ok(())
}
