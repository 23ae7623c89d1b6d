//! `proto/` to Rust: messages, stubs and the descriptor set, without a `protoc` to install.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;

const PROTOS: [&str; 3] = ["greeter.proto", "user.proto", "unqualified.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    for proto in PROTOS {
        println!("cargo::rerun-if-changed=proto/{proto}");
    }

    let descriptors = protox::compile(PROTOS, ["proto"])?;

    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("frontdesk.bin"), descriptors.encode_to_vec())?;

    tonic_prost_build::configure()
        .build_client(enabled("CLIENT"))
        .build_server(enabled("SERVER"))
        // A `connect` over tonic's own transport would not build for wasm32.
        .build_transport(false)
        .compile_fds(descriptors)?;
    Ok(())
}

fn enabled(feature: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{feature}")).is_some()
}
