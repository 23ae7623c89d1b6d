//! Killed a hundred times under a load of all kinds of writes.

use std::{error::Error as _, path::Path, time::Duration};

use frontdesk::user::user_service_client::UserServiceClient;
use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use tokio::time::sleep;
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint},
};

use super::{
    importer::Importer,
    model::{assert_as_known, everybody},
    writer::Writer,
};
use crate::helpers::{Open, frontdesk};

const KILLS: usize = 100;
const WRITERS: usize = 12;

fn open(data: &Path) -> Open {
    let mut command = frontdesk();
    command.args(["--listen", "127.0.0.1:0", "--log", "error"]);
    Open::start(command.arg("--data").arg(data))
}

/// Whether nobody answered: tonic's own errors have a source, what the server says has none.
fn is_gone(status: &Status) -> bool {
    status.source().is_some() || status.code() == Code::Unavailable
}

async fn client(open: &Open) -> UserServiceClient<Channel> {
    let endpoint = Endpoint::from_shared(open.url.clone()).expect("an address");
    UserServiceClient::new(endpoint.connect().await.expect("a connection"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_so_after_a_hundred_kills() {
    let seed = std::env::var("FRONTDESK_SEED").map_or_else(
        |_| rand::rng().next_u64(),
        |seed| seed.parse().expect("FRONTDESK_SEED is a number"),
    );
    println!("FRONTDESK_SEED={seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let data = tempfile::tempdir().expect("a folder");
    let mut writers: Vec<_> = (0..WRITERS).map(|name| Writer::new(name, seed)).collect();
    let mut importer = Importer::new("import");
    for _ in 0..KILLS {
        let server = open(data.path());
        let mut all = Vec::new();
        for mut writer in writers.drain(..) {
            let mut users = client(&server).await;
            all.push(tokio::spawn(async move {
                writer.write(&mut users).await;
                writer
            }));
        }
        let mut users = client(&server).await;
        let importing = tokio::spawn(async move {
            let end = importer.import(&mut users, None).await;
            let end = end.expect("it has no end of its own");
            assert!(is_gone(&end), "{end:?}");
            importer
        });
        // The moment is what is chosen at random.
        sleep(Duration::from_millis(random.random_range(1..150))).await;
        drop(server);
        for writer in all {
            writers.push(writer.await.expect("no surprise"));
        }
        importer = importing.await.expect("no surprise");

        let server = open(data.path());
        let there = everybody(&mut client(&server).await).await;
        for writer in &writers {
            assert_as_known(&writer.settled(), &there);
        }
        importer.assert_there(&there);
    }
    // What was never answered is asked for once more, and answered then.
    let server = open(data.path());
    let mut users = client(&server).await;
    for writer in &mut writers {
        assert!(writer.write_once(&mut users).await, "it is answered");
    }
    let before = importer.answered;
    assert!(before > 0, "no batch was answered in all that time");
    let end = importer.import(&mut users, Some(3)).await;
    assert!(end.is_none(), "{end:?}");
    assert_eq!(importer.answered, before + 3);
    let there = everybody(&mut users).await;
    for writer in &writers {
        assert_as_known(&writer.settled(), &there);
    }
    importer.assert_there(&there);
    let answered: u32 = writers.iter().map(|writer| writer.answered).sum();
    // On a machine that has much to do they are few, but not none in a round.
    assert!(answered > 100, "only {answered} writes were answered");
}
