//! Prepares the files of `dist/` for the server's binary. Called by the server's `build.rs`.
//! A separate crate, because compression takes minutes unless it is optimized, and cargo has no
//! optimization setting for a single build script.

mod compress;
mod html;
mod table;
mod wasm;

pub use table::write_table;
