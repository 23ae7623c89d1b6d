//! What an open call over a socket costs the server that nobody says anything in.

use tokio::task::JoinSet;

use crate::{Outcome, host::Host, people::room, report::Row, socket::Talk};

const SOCKETS: u32 = 10_000;
/// How many are opened at once.
const LANES: u32 = 50;
const AIM: f64 = 40.0;
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

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    // One file each here, one each there; some more for everything else.
    let files = rlimit::increase_nofile_limit(u64::from(SOCKETS) + 1_000)?;
    if files < u64::from(SOCKETS) + 100 {
        return Err(
            format!("{SOCKETS} sockets need as many open files: `ulimit -n` has {files}").into(),
        );
    }
    let folder = tempfile::TempDir::new_in(room()?)?;
    let host = Host::frontdesk_with(folder.path(), &FLAGS)?;
    // What the first call makes stays for all.
    let first = talk(&host.origin).await.map_err(|error| error.clone())?;
    let before = host.memory()?;
    let mut lanes = JoinSet::new();
    for _ in 0..LANES {
        let origin = host.origin.clone();
        lanes.spawn(async move {
            let mut talks = Vec::new();
            for _ in 0..SOCKETS / LANES {
                talks.push(talk(&origin).await?);
            }
            Ok::<_, String>(talks)
        });
    }
    let mut open = vec![first];
    while let Some(talks) = lanes.join_next().await {
        open.extend(talks??);
    }
    let grown = host.memory()?.saturating_sub(before);
    let each = f64::from(u32::try_from(grown / u64::from(SOCKETS))?) / 1_000.0;
    drop(open);
    Ok(vec![Row::at_most(
        "10,000 open idle calls over sockets: the server's memory for each",
        AIM,
        each,
        "kB",
        "the process's; what the system's buffers take comes on top",
    )])
}

/// A call in which one name has been greeted.
async fn talk(origin: &str) -> Result<Talk, String> {
    let mut talk = Talk::begin(origin).await.map_err(|it| it.to_string())?;
    talk.greet("Ada").await.map_err(|it| it.to_string())?;
    Ok(talk)
}
