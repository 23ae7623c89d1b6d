//! Calls by tonic's own client: slower than h2load, but each may ask for something else.

use std::time::Instant;

use tokio::task::JoinSet;
use tonic::transport::{Channel, Endpoint};

use crate::Outcome;

const CONNECTIONS: u32 = 8;
const STREAMS: u32 = 16;

/// Makes `requests` calls over all connections at once; how many a second.
///
/// `call` gets a number that is another for each call.
pub(crate) async fn rate<F>(
    origin: &str,
    requests: u32,
    call: impl Fn(Channel, u32) -> F,
) -> Outcome<f64>
where
    F: Future<Output = Result<(), tonic::Status>> + Send + 'static,
{
    let each = requests / (CONNECTIONS * STREAMS);
    let mut lanes = Vec::new();
    for connection in 0..CONNECTIONS {
        let channel = Endpoint::from_shared(origin.to_owned())?.connect().await?;
        for stream in 0..STREAMS {
            lanes.push((channel.clone(), (connection * STREAMS + stream) * each));
        }
    }
    let began = Instant::now();
    let mut all = JoinSet::new();
    for (channel, first) in lanes {
        let calls: Vec<_> = (first..first + each)
            .map(|number| call(channel.clone(), number))
            .collect();
        all.spawn(async move {
            for call in calls {
                call.await?;
            }
            Ok::<_, tonic::Status>(())
        });
    }
    while let Some(lane) = all.join_next().await {
        lane??;
    }
    Ok(f64::from(each * CONNECTIONS * STREAMS) / began.elapsed().as_secs_f64())
}
