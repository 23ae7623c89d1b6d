//! The server is killed a hundred times under a load of every kind of write.

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use tokio::time::sleep;

use super::{
    importer::Importer,
    model::assert_matches,
    writer::{Writer, is_connection_lost},
};
use crate::helpers::{ServerProcess, list_all_users, random_seed, serve_command};

const KILLS: usize = 100;
const WRITERS: usize = 12;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_writes_survive_a_hundred_kills() {
    let seed = random_seed();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let data = tempfile::tempdir().expect("temporary directory");
    let start = || ServerProcess::start(serve_command(data.path()).args(["--log", "error"]));
    let mut writers: Vec<_> = (0..WRITERS).map(|name| Writer::new(name, seed)).collect();
    let mut importer = Importer::new("import");
    for _ in 0..KILLS {
        let server = start();
        let mut writing = Vec::new();
        for mut writer in writers.drain(..) {
            let mut users = server.users().await;
            writing.push(tokio::spawn(async move {
                writer.write(&mut users).await;
                writer
            }));
        }
        let mut users = server.users().await;
        let importing = tokio::spawn(async move {
            let end = importer.import(&mut users, None).await;
            let error = end.expect("import interrupted");
            assert!(is_connection_lost(&error), "{error:?}");
            importer
        });
        // The moment of the kill is what the test varies.
        sleep(Duration::from_millis(random.random_range(1..150))).await;
        drop(server);
        for writer in writing {
            writers.push(writer.await.expect("task completed"));
        }
        importer = importing.await.expect("task completed");

        let server = start();
        let users = list_all_users(&mut server.users().await).await;
        for writer in &writers {
            assert_matches(&writer.settled(), &users);
        }
        importer.assert_contained_in(&users);
    }
    // Pending writes succeed now.
    let server = start();
    let mut users = server.users().await;
    for writer in &mut writers {
        assert!(
            writer.write_once(&mut users).await,
            "the write is acknowledged"
        );
    }
    let before = importer.acknowledged;
    assert!(before > 0, "no batch was acknowledged");
    let end = importer.import(&mut users, Some(3)).await;
    assert!(end.is_none(), "{end:?}");
    assert_eq!(importer.acknowledged, before + 3);
    let all = list_all_users(&mut users).await;
    for writer in &writers {
        assert_matches(&writer.settled(), &all);
    }
    importer.assert_contained_in(&all);
    let acknowledged: u32 = writers.iter().map(|writer| writer.acknowledged).sum();
    // Few on a busy machine, but more than one for each kill.
    assert!(
        acknowledged > 100,
        "only {acknowledged} acknowledged writes"
    );
}
