//! The server's CPU time per message of a bidirectional call, over WebSockets and over native gRPC.

use frontdesk::greeter::{HelloRequest, greeter_client::GreeterClient};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint};

use crate::{
    Result,
    report::{Row, format_number},
    request_body::RequestBodies,
    server_process::ServerProcess,
    statistics::median,
    websocket::BidiHello,
};

const RUNS: usize = 5;
/// Concurrent calls, each over its own connection.
const LANES: u32 = 16;
/// Sequential calls in each lane.
const CALLS: u32 = 5;
/// The limit of one `BidiHello`.
const NAMES: u32 = 1_000;
const TARGET: f64 = 1.5;

pub(super) async fn measure() -> Result<Vec<Row>> {
    let bodies = RequestBodies::new()?;
    let server = ServerProcess::start(&bodies.data_directory())?;
    let (mut websocket, mut native, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let over_websocket = cpu_time(&server, greet_over_websocket).await?;
        let over_native = cpu_time(&server, greet_over_native).await?;
        if run > 0 {
            websocket.push(over_websocket);
            native.push(over_native);
            ratios.push(over_websocket / over_native);
        }
    }
    let detail = format!(
        "{} vs. {} µs; each name is sent after the previous reply",
        format_number(median(websocket)),
        format_number(median(native))
    );
    Ok(vec![Row::at_most(
        "`BidiHello` over WebSocket: the server's CPU time per name, relative to native gRPC",
        TARGET,
        median(ratios),
        "",
        &detail,
    )])
}

/// The server's CPU time per name, in microseconds.
async fn cpu_time<F>(server: &ServerProcess, call: impl Fn(String) -> F) -> Result<f64>
where
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    let before = server.cpu_time()?;
    let mut lanes = JoinSet::new();
    for _ in 0..LANES {
        lanes.spawn(call(server.origin.clone()));
    }
    while let Some(lane) = lanes.join_next().await {
        lane??;
    }
    let names = f64::from(LANES * CALLS * NAMES);
    Ok((server.cpu_time()? - before) * 1_000_000.0 / names)
}

fn to_text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

async fn greet_over_websocket(origin: String) -> Result<(), String> {
    for _ in 0..CALLS {
        let mut call = BidiHello::open(&origin).await.map_err(to_text)?;
        for _ in 0..NAMES {
            call.greet("Ada").await.map_err(to_text)?;
        }
    }
    Ok(())
}

async fn greet_over_native(origin: String) -> Result<(), String> {
    let endpoint = Endpoint::from_shared(origin).map_err(to_text)?;
    let channel = endpoint.connect().await.map_err(to_text)?;
    for _ in 0..CALLS {
        bidi_hello(channel.clone()).await?;
    }
    Ok(())
}

async fn bidi_hello(channel: Channel) -> Result<(), String> {
    let (sender, receiver) = mpsc::channel(1);
    let requests = ReceiverStream::new(receiver);
    let replies = GreeterClient::new(channel).bidi_hello(requests).await;
    let mut replies = replies.map_err(to_text)?.into_inner();
    for _ in 0..NAMES {
        let name = HelloRequest { name: "Ada".into() };
        sender.send(name).await.map_err(to_text)?;
        let reply = replies.message().await.map_err(to_text)?;
        reply.ok_or("the call ended early")?;
    }
    Ok(())
}
