//! The same conversation over sockets and over native gRPC: the server's processor time for each
//! message.

use frontdesk::greeter::{HelloRequest, greeter_client::GreeterClient};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint};

use crate::{
    Outcome,
    host::Host,
    report::{Row, number},
    socket::Talk,
    statistics::median,
    wire::Bodies,
};

const RUNS: usize = 5;
/// Conversations at once, each over a connection of its own.
const LANES: u32 = 16;
/// One after the other, in each lane.
const TALKS: u32 = 5;
/// As many as one `BidiHello` takes.
const NAMES: u32 = 1_000;
const AIM: f64 = 1.5;

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let bodies = Bodies::new()?;
    let host = Host::frontdesk(&bodies.empty())?;
    let (mut sockets, mut native, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let by_socket = time(&host, over_socket).await?;
        let by_native = time(&host, over_native).await?;
        if run > 0 {
            sockets.push(by_socket);
            native.push(by_native);
            ratios.push(by_socket / by_native);
        }
    }
    let detail = format!(
        "{} against {} µs, each name sent when the one before was greeted",
        number(median(sockets)),
        number(median(native))
    );
    Ok(vec![Row::at_most(
        "`BidiHello` over sockets: the server's processor time for a name, of that over native gRPC",
        AIM,
        median(ratios),
        "",
        &detail,
    )])
}

/// The server's microseconds for each name.
async fn time<F>(host: &Host, talk: impl Fn(String) -> F) -> Outcome<f64>
where
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    let before = host.processor_time()?;
    let mut lanes = JoinSet::new();
    for _ in 0..LANES {
        lanes.spawn(talk(host.origin.clone()));
    }
    while let Some(lane) = lanes.join_next().await {
        lane??;
    }
    let names = f64::from(LANES * TALKS * NAMES);
    Ok((host.processor_time()? - before) * 1_000_000.0 / names)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

async fn over_socket(origin: String) -> Result<(), String> {
    for _ in 0..TALKS {
        let mut talk = Talk::begin(&origin).await.map_err(text)?;
        for _ in 0..NAMES {
            talk.greet("Ada").await.map_err(text)?;
        }
    }
    Ok(())
}

async fn over_native(origin: String) -> Result<(), String> {
    let endpoint = Endpoint::from_shared(origin).map_err(text)?;
    let channel = endpoint.connect().await.map_err(text)?;
    for _ in 0..TALKS {
        native_talk(channel.clone()).await?;
    }
    Ok(())
}

async fn native_talk(channel: Channel) -> Result<(), String> {
    let (sender, receiver) = mpsc::channel(1);
    let names = ReceiverStream::new(receiver);
    let replies = GreeterClient::new(channel).bidi_hello(names).await;
    let mut replies = replies.map_err(text)?.into_inner();
    for _ in 0..NAMES {
        let name = HelloRequest { name: "Ada".into() };
        sender.send(name).await.map_err(text)?;
        let reply = replies.message().await.map_err(text)?;
        reply.ok_or("the call ended early")?;
    }
    Ok(())
}
