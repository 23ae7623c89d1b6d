//! The builds of `bench/browser`: a WebAssembly module and a script for each feature.

use std::{fs, path::PathBuf};

use crate::{
    Result,
    page_server::{self, EMPTY_PAGE},
};

const SCRIPT: &str = "frontdesk_bench_browser.js";
const MODULE: &str = "frontdesk_bench_browser_bg.wasm";

/// The build of one feature.
pub(crate) struct BrowserModule(PathBuf);

impl BrowserModule {
    pub(crate) fn new(feature: &str) -> Result<Self> {
        let folder = frontdesk_e2e::env_var("FRONTDESK_BENCH_BROWSER")?;
        Ok(Self(PathBuf::from(folder).join(feature)))
    }

    /// The size of module and script in bytes, each compressed with brotli.
    pub(crate) fn size(&self) -> Result<usize> {
        let mut size = 0;
        for file in [SCRIPT, MODULE] {
            let mut compressed = Vec::new();
            let plain = fs::read(self.0.join(file))?;
            let settings = brotli::enc::BrotliEncoderParams::default();
            brotli::BrotliCompress(&mut &plain[..], &mut compressed, &settings)?;
            size += compressed.len();
        }
        Ok(size)
    }

    /// Serves both, and an empty page at every other path; returns the origin.
    pub(crate) async fn serve(self) -> Result<String> {
        page_server::serve(move |path| {
            let read = |name| fs::read(self.0.join(name)).map_err(|error| error.to_string());
            let file = match path.trim_start_matches('/') {
                SCRIPT => read(SCRIPT).map(|script| ("text/javascript", script)),
                MODULE => read(MODULE).map(|module| ("application/wasm", module)),
                _ => Ok(("text/html", EMPTY_PAGE.to_vec())),
            };
            async { file }
        })
        .await
    }
}
