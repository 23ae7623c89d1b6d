//! `SayHello` over native gRPC, compared to bare tonic.

use crate::{
    Result,
    comparison::compare,
    h2load::{Load, Protocol},
    report::{Row, format_number},
    request_body::RequestBodies,
    server_process::ServerProcess,
};

const RUNS: usize = 15;
const REQUESTS: u32 = 200_000;
const TARGET: f64 = 0.85;

pub(super) fn measure() -> Result<Vec<Row>> {
    let bodies = RequestBodies::new()?;
    let body = bodies.hello()?;
    let [ours, bare] = [
        ServerProcess::start(bodies.data_directory().as_path())?,
        ServerProcess::start_baseline("tonic")?,
    ];
    let loads = [&ours, &bare].map(|server| Load {
        url: format!("{}/greeter.Greeter/SayHello", server.origin),
        body: &body,
        content_type: "application/grpc",
        protocol: Protocol::Http2 { streams: 16 },
        requests: REQUESTS,
    });
    let comparison = compare(&loads, RUNS)?;
    let [ours, bare] = comparison.medians.map(format_number);
    let detail = format!("{ours} vs. {bare} per second");
    Ok(vec![Row::at_least(
        "`SayHello`, native gRPC: requests per second, relative to bare tonic",
        TARGET,
        comparison.ratio,
        "",
        &detail,
    )])
}
