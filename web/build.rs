//! Leaves out of the page what only a debugger reads.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|it| it == value);
    // The profile `page`; all others keep the names of functions for their traces.
    if is("CARGO_CFG_TARGET_ARCH", "wasm32") && is("OPT_LEVEL", "z") {
        println!("cargo::rustc-link-arg-bins=--strip-all");
        // Without it wasm-bindgen takes the module for one of the oldest sort, and gives up.
        println!("cargo::rustc-link-arg-bins=--keep-section=target_features");
    }
}
