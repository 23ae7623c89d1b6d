//! The suite's `.proto` files to Rust, without a `protoc` to install.

use std::error::Error;

const FILES: [&str; 2] = [
    "connectrpc/conformance/v1/client_compat.proto",
    "connectrpc/conformance/v1/server_compat.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=proto");

    let descriptors = protox::compile(FILES, ["proto"])?;
    let mut config = prost_build::Config::new();
    // Requests are echoed inside of `google.protobuf.Any`, which names their type.
    config
        .enable_type_names()
        .type_name_domain(["."], "type.googleapis.com");
    tonic_prost_build::configure()
        // A `connect` over tonic's own transport would not build for wasm32.
        .build_transport(false)
        .compile_fds_with_config(descriptors, config)?;
    Ok(())
}
