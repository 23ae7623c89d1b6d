//! Strips debug information from the page.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    // Only in the profile `page`; the others keep function names for stack traces.
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("OPT_LEVEL", "z") {
        println!("cargo::rustc-link-arg-bins=--strip-all");
        // wasm-bindgen requires this section.
        println!("cargo::rustc-link-arg-bins=--keep-section=target_features");
    }
}
