//! The size that the transport adds to a page.

use crate::{
    Result,
    browser_module::BrowserModule,
    report::{Row, format_number},
};

const TARGET: f64 = 25.0;

pub(super) fn measure() -> Result<Vec<Row>> {
    let kilobytes = |feature| {
        let bytes = BrowserModule::new(feature)?.size()?;
        Ok::<_, Box<dyn std::error::Error>>(f64::from(u32::try_from(bytes)?) / 1_000.0)
    };
    let (ours, peer) = (kilobytes("ours")?, kilobytes("peer")?);
    let detail = format!("{} kB vs. {} kB", format_number(ours), format_number(peer));
    Ok(vec![Row::at_most(
        "size of a page with all four types of calls, minus one with tonic-web-wasm-client's two (brotli)",
        TARGET,
        ours - peer,
        "kB",
        &detail,
    )])
}
