//! `SayHello`, gRPC-Web over HTTP/1.1.

use super::hello::in_turns;
use crate::{
    Outcome,
    host::Host,
    load::{Load, Protocol},
    report::{Row, number},
    wire::Bodies,
};

const RUNS: usize = 7;
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
    let [ours, bare] = in_turns(&loads, RUNS)?;
    let detail = format!("{} against {} a second", number(ours), number(bare));
    Ok(vec![Row::at_least(
        "`SayHello`, gRPC-Web over HTTP/1.1, of bare tonic-web's requests a second",
        AIM,
        ours / bare,
        "",
        &detail,
    )])
}
