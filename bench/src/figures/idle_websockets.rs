//! The server's memory for open, idle calls over WebSockets.

use tokio::task::JoinSet;

use crate::{
    Result, report::Row, sample_directory::scratch_folder, server_process::ServerProcess,
    websocket::BidiHello,
};

const SOCKETS: u32 = 10_000;
/// How many are opened concurrently.
const LANES: u32 = 50;
const TARGET: f64 = 40.0;
const FLAGS: [&str; 12] = [
    "--max-connections",
    "12000",
    "--max-calls",
    "12000",
    "--max-sockets",
    "12000",
    "--max-client-sockets",
    "12000",
    "--max-client-connections",
    "12000",
    "--max-client-calls",
    "12000",
];

pub(super) async fn measure() -> Result<Vec<Row>> {
    // One file per WebSocket in each process, and some for everything else.
    let files = rlimit::increase_nofile_limit(u64::from(SOCKETS) + 1_000)?;
    if files < u64::from(SOCKETS) + 100 {
        return Err(format!(
            "{SOCKETS} WebSockets need as many open files, `ulimit -n` allows {files}"
        )
        .into());
    }
    let folder = tempfile::TempDir::new_in(scratch_folder()?)?;
    let server = ServerProcess::start_with(folder.path(), &FLAGS)?;
    // The first call allocates what all calls share.
    let first = open_call(&server.origin).await?;
    let before = server.memory()?;
    let mut lanes = JoinSet::new();
    for _ in 0..LANES {
        let origin = server.origin.clone();
        lanes.spawn(async move {
            let mut calls = Vec::new();
            for _ in 0..SOCKETS / LANES {
                calls.push(open_call(&origin).await?);
            }
            Ok::<_, String>(calls)
        });
    }
    let mut open = vec![first];
    while let Some(calls) = lanes.join_next().await {
        open.extend(calls??);
    }
    let grown = server.memory()?.saturating_sub(before);
    let each = f64::from(u32::try_from(grown / u64::from(SOCKETS))?) / 1_000.0;
    drop(open);
    Ok(vec![Row::at_most(
        "10,000 idle calls over WebSockets: the server's memory per call",
        TARGET,
        each,
        "kB",
        "of the process, without the kernel's buffers",
    )])
}

/// Opens a call and waits for its first reply.
async fn open_call(origin: &str) -> Result<BidiHello, String> {
    let mut call = BidiHello::open(origin)
        .await
        .map_err(|error| error.to_string())?;
    call.greet("Ada").await.map_err(|error| error.to_string())?;
    Ok(call)
}
