//! What the transport adds to a page.

use crate::{
    Outcome,
    parts::Part,
    report::{Row, number},
};

const AIM: f64 = 25.0;

pub(super) fn measure() -> Outcome<Vec<Row>> {
    let kilobytes = |feature| {
        let bytes = Part::of(feature)?.size()?;
        Ok::<_, Box<dyn std::error::Error>>(f64::from(u32::try_from(bytes)?) / 1_000.0)
    };
    let (ours, peer) = (kilobytes("ours")?, kilobytes("peer")?);
    let detail = format!("{} kB against {} kB", number(ours), number(peer));
    Ok(vec![Row::at_most(
        "what all four types of calls add to a page over tonic-web-wasm-client's two, with brotli",
        AIM,
        ours - peer,
        "kB",
        &detail,
    )])
}
