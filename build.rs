//! Generates messages, stubs and the descriptor set from `proto/`. protox compiles the files, so that
//! `protoc` need not be installed.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;
use prost_types::{FileDescriptorSet, MethodDescriptorProto};

const PROTOS: [&str; 3] = ["greeter.proto", "user.proto", "unqualified.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    for proto in PROTOS {
        println!("cargo::rerun-if-changed=proto/{proto}");
    }

    let descriptors = protox::compile(PROTOS, ["proto"])?;

    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("frontdesk.bin"), descriptors.encode_to_vec())?;
    let client_streaming = paths(&descriptors, MethodDescriptorProto::client_streaming);
    let single_response = paths(&descriptors, |method| !method.server_streaming());
    for (file, paths) in [
        ("client_streaming.rs", client_streaming),
        ("single_response.rs", single_response),
    ] {
        fs::write(out.join(file), format!("&{paths:?}"))?;
    }

    tonic_prost_build::configure()
        .build_client(enabled("CLIENT"))
        .build_server(enabled("SERVER"))
        // `connect` over tonic's own transport does not build for wasm32.
        .build_transport(false)
        .compile_fds(descriptors)?;
    Ok(())
}

/// The paths of the methods that satisfy `predicate`.
fn paths(
    descriptors: &FileDescriptorSet,
    predicate: impl Fn(&MethodDescriptorProto) -> bool,
) -> Vec<String> {
    let mut paths = Vec::new();
    for file in &descriptors.file {
        for service in &file.service {
            let name = match file.package() {
                "" => service.name().to_owned(),
                package => format!("{package}.{}", service.name()),
            };
            let methods = service.method.iter().filter(|method| predicate(method));
            paths.extend(methods.map(|method| format!("/{name}/{}", method.name())));
        }
    }
    paths
}

fn enabled(feature: &str) -> bool {
    env::var_os(format!("CARGO_FEATURE_{feature}")).is_some()
}
