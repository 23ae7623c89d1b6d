//! `SayHello` with gRPC-Web over HTTP/1.1, compared to bare tonic-web.

use crate::{
    Result,
    comparison::compare,
    h2load::{Load, Protocol},
    report::{Row, format_number},
    request_body::RequestBodies,
    server_process::ServerProcess,
};

const RUNS: usize = 15;
const REQUESTS: u32 = 100_000;
const TARGET: f64 = 0.75;

pub(super) fn measure() -> Result<Vec<Row>> {
    let bodies = RequestBodies::new()?;
    let body = bodies.hello()?;
    let [ours, bare] = [
        ServerProcess::start(bodies.data_directory().as_path())?,
        ServerProcess::start_baseline("tonic-web")?,
    ];
    let loads = [&ours, &bare].map(|server| Load {
        url: format!("{}/greeter.Greeter/SayHello", server.origin),
        body: &body,
        content_type: "application/grpc-web+proto",
        protocol: Protocol::Http1,
        requests: REQUESTS,
    });
    let comparison = compare(&loads, RUNS)?;
    let [ours, bare] = comparison.medians.map(format_number);
    let detail = format!("{ours} vs. {bare} per second");
    Ok(vec![Row::at_least(
        "`SayHello`, gRPC-Web over HTTP/1.1: requests per second, relative to bare tonic-web",
        TARGET,
        comparison.ratio,
        "",
        &detail,
    )])
}
