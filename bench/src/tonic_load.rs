//! Calls by tonic's client: slower than h2load, but each call can have another request.

use std::time::Instant;

use tokio::task::JoinSet;
use tonic::transport::{Channel, Endpoint};

use crate::Result;

const CONNECTIONS: u32 = 8;
const STREAMS: u32 = 16;

/// Makes `requests` calls over all connections at once, and returns the calls per second. `call`
/// gets a number that is unique to the call.
pub(crate) async fn rate<F>(
    origin: &str,
    requests: u32,
    call: impl Fn(Channel, u32) -> F,
) -> Result<f64>
where
    F: Future<Output = Result<(), tonic::Status>> + Send + 'static,
{
    let per_lane = requests / (CONNECTIONS * STREAMS);
    let mut lanes = Vec::new();
    for connection in 0..CONNECTIONS {
        let channel = Endpoint::from_shared(origin.to_owned())?.connect().await?;
        for stream in 0..STREAMS {
            lanes.push((channel.clone(), (connection * STREAMS + stream) * per_lane));
        }
    }
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for (channel, first) in lanes {
        let calls: Vec<_> = (first..first + per_lane)
            .map(|number| call(channel.clone(), number))
            .collect();
        tasks.spawn(async move {
            for call in calls {
                call.await?;
            }
            Ok::<_, tonic::Status>(())
        });
    }
    while let Some(result) = tasks.join_next().await {
        result??;
    }
    Ok(f64::from(per_lane * CONNECTIONS * STREAMS) / start.elapsed().as_secs_f64())
}
