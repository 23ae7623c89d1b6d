//! `proto/` to Rust: messages, stubs and the descriptor set, without a `protoc` to install.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;
use prost_types::FileDescriptorSet;

const PROTOS: [&str; 3] = ["greeter.proto", "user.proto", "unqualified.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    for proto in PROTOS {
        println!("cargo::rerun-if-changed=proto/{proto}");
    }

    let descriptors = protox::compile(PROTOS, ["proto"])?;

    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("frontdesk.bin"), descriptors.encode_to_vec())?;
    fs::write(
        out.join("client_streaming.rs"),
        format!("&{:?}", client_streaming(&descriptors)),
    )?;

    tonic_prost_build::configure()
        .build_client(enabled("CLIENT"))
        .build_server(enabled("SERVER"))
        // A `connect` over tonic's own transport would not build for wasm32.
        .build_transport(false)
        .compile_fds(descriptors)?;
    Ok(())
}

/// The paths of the methods whose request is a stream.
fn client_streaming(descriptors: &FileDescriptorSet) -> Vec<String> {
    let mut paths = Vec::new();
    for file in &descriptors.file {
        for service in &file.service {
            let name = match file.package() {
                "" => service.name().to_owned(),
                package => format!("{package}.{}", service.name()),
            };
            let streaming = service.method.iter().filter(|it| it.client_streaming());
            paths.extend(streaming.map(|method| format!("/{name}/{}", method.name())));
        }
    }
    paths
}

fn enabled(feature: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{feature}")).is_some()
}
