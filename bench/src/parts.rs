//! What `bench/browser` is built into: for each of its features a module and a script.

use std::{fs, path::PathBuf};

use crate::{
    Outcome,
    http::{self, EMPTY_PAGE},
};

const SCRIPT: &str = "frontdesk_bench_browser.js";
const MODULE: &str = "frontdesk_bench_browser_bg.wasm";

/// The files of one feature.
pub(crate) struct Part(PathBuf);

impl Part {
    pub(crate) fn of(feature: &str) -> Outcome<Self> {
        let parts = frontdesk_e2e::env_var("FRONTDESK_BENCH_BROWSER")?;
        Ok(Self(PathBuf::from(parts).join(feature)))
    }

    /// Bytes of module and script, each with brotli as a server would have it.
    pub(crate) fn size(&self) -> Outcome<usize> {
        let mut size = 0;
        for file in [SCRIPT, MODULE] {
            let mut packed = Vec::new();
            let plain = fs::read(self.0.join(file))?;
            let best = brotli::enc::BrotliEncoderParams::default();
            brotli::BrotliCompress(&mut &plain[..], &mut packed, &best)?;
            size += packed.len();
        }
        Ok(size)
    }

    /// Serves them, and an empty page at every other path; the origin.
    pub(crate) async fn serve(self) -> Outcome<String> {
        http::serve(move |path| {
            let read = |file| fs::read(self.0.join(file)).map_err(|error| error.to_string());
            let answer = match path.trim_start_matches('/') {
                SCRIPT => read(SCRIPT).map(|script| ("text/javascript", script)),
                MODULE => read(MODULE).map(|module| ("application/wasm", module)),
                _ => Ok(("text/html", EMPTY_PAGE.to_vec())),
            };
            async { answer }
        })
        .await
    }
}
