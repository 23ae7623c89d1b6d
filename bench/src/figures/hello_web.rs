//! `SayHello`, gRPC-Web over HTTP/1.1.

use crate::{
    Outcome,
    host::Host,
    load::{Load, Protocol},
    report::{Row, number},
    turns::in_turns,
    wire::Bodies,
};

const RUNS: usize = 15;
const REQUESTS: u32 = 100_000;
const AIM: f64 = 0.75;

pub(super) fn measure() -> Outcome<Vec<Row>> {
    let bodies = Bodies::new()?;
    let body = bodies.hello()?;
    let [ours, bare] = [
        Host::frontdesk(bodies.empty().as_path())?,
        Host::bare("tonic-web")?,
    ];
    let loads = [&ours, &bare].map(|host| Load {
        url: format!("{}/greeter.Greeter/SayHello", host.origin),
        body: &body,
        content_type: "application/grpc-web+proto",
        protocol: Protocol::Http1,
        requests: REQUESTS,
    });
    let turns = in_turns(&loads, RUNS)?;
    let [ours, bare] = turns.medians.map(number);
    let detail = format!("{ours} against {bare} a second");
    Ok(vec![Row::at_least(
        "`SayHello`, gRPC-Web over HTTP/1.1, of bare tonic-web's requests a second",
        AIM,
        turns.ratio,
        "",
        &detail,
    )])
}
