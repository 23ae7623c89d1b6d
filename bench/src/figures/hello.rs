//! `SayHello`, compared to the libraries alone.

use crate::{
    Result,
    comparison::compare,
    h2load::{Load, Protocol},
    report::{Row, format_number},
    request_body::RequestBodies,
    server_process::ServerProcess,
};

const RUNS: usize = 15;

/// A figure: Frontdesk's requests per second, relative to a baseline's.
struct Figure {
    name: &'static str,
    target: f64,
    baseline: &'static str,
    content_type: &'static str,
    protocol: Protocol,
    requests: u32,
}

/// Native gRPC, compared to bare tonic.
pub(super) fn measure_native() -> Result<Vec<Row>> {
    measure(&Figure {
        name: "`SayHello`, native gRPC: requests per second, relative to bare tonic",
        target: 0.85,
        baseline: "tonic",
        content_type: "application/grpc",
        protocol: Protocol::Http2 { streams: 16 },
        requests: 200_000,
    })
}

/// gRPC-Web over HTTP/1.1, compared to bare tonic-web.
pub(super) fn measure_web() -> Result<Vec<Row>> {
    measure(&Figure {
        name: "`SayHello`, gRPC-Web over HTTP/1.1: requests per second, relative to bare tonic-web",
        target: 0.75,
        baseline: "tonic-web",
        content_type: "application/grpc-web+proto",
        protocol: Protocol::Http1,
        requests: 100_000,
    })
}

fn measure(figure: &Figure) -> Result<Vec<Row>> {
    let bodies = RequestBodies::new()?;
    let body = bodies.hello()?;
    let [ours, bare] = [
        ServerProcess::start(bodies.data_directory().as_path())?,
        ServerProcess::start_baseline(figure.baseline)?,
    ];
    let loads = [&ours, &bare].map(|server| Load {
        url: format!("{}/greeter.Greeter/SayHello", server.origin),
        body: &body,
        content_type: figure.content_type,
        protocol: figure.protocol,
        requests: figure.requests,
    });
    let comparison = compare(&loads, RUNS)?;
    let [ours, bare] = comparison.medians.map(format_number);
    let detail = format!("{ours} vs. {bare} per second");
    Ok(vec![Row::at_least(
        figure.name,
        figure.target,
        comparison.ratio,
        "",
        &detail,
    )])
}
