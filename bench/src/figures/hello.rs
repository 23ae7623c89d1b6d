//! `SayHello`, native, through all layers.

use crate::{
    Outcome,
    host::Host,
    load::{Load, Protocol},
    report::{Row, number},
    statistics::median,
    wire::Bodies,
};

const RUNS: usize = 7;
const REQUESTS: u32 = 200_000;
const AIM: f64 = 0.85;

pub(super) fn measure() -> Outcome<Vec<Row>> {
    let bodies = Bodies::new()?;
    let body = bodies.hello()?;
    let [ours, bare] = [
        Host::frontdesk(bodies.empty().as_path())?,
        Host::bare("tonic")?,
    ];
    let loads = [&ours, &bare].map(|host| Load {
        url: format!("{}/greeter.Greeter/SayHello", host.origin),
        body: &body,
        content_type: "application/grpc",
        protocol: Protocol::Http2 { streams: 16 },
        requests: REQUESTS,
    });
    let [ours, bare] = in_turns(&loads, RUNS)?;
    let detail = format!("{} against {} a second", number(ours), number(bare));
    Ok(vec![Row::at_least(
        "`SayHello`, native, of bare tonic's requests a second",
        AIM,
        ours / bare,
        "",
        &detail,
    )])
}

/// The medians of so many runs of each, one after the other, after one of each that does not count.
pub(super) fn in_turns(loads: &[Load<'_>; 2], runs: usize) -> Outcome<[f64; 2]> {
    let mut rates = [Vec::new(), Vec::new()];
    for run in 0..=runs {
        for (load, rates) in loads.iter().zip(&mut rates) {
            let rate = load.run()?;
            if run > 0 {
                rates.push(rate);
            }
        }
    }
    Ok(rates.map(median))
}
