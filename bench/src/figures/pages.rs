//! Page 10,000 of a million users, in every order.

use std::time::Instant;

use frontdesk::user::ListUsersRequest;

use crate::{
    Result,
    report::Row,
    sample_directory::SampleDirectory,
    server_process::{ServerProcess, Users},
    statistics::median,
};

const USERS: u32 = 1_000_000;
const RUNS: usize = 21;
const TARGET: f64 = 10.0;
const ORDERS: [&str; 8] = [
    "id",
    "id desc",
    "name",
    "name desc",
    "email",
    "email desc",
    "update_time",
    "update_time desc",
];

pub(super) async fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    let server = ServerProcess::start(directory.folder())?;
    let mut client = server.users().await?;
    let (mut slowest, mut slowest_order) = (0.0, "");
    for order in ORDERS {
        // Warm-up: reads from the disk.
        page(&mut client, order).await?;
        let mut times = Vec::new();
        for _ in 0..RUNS {
            times.push(page(&mut client, order).await?);
        }
        let time = median(times);
        if time > slowest {
            (slowest, slowest_order) = (time, order);
        }
    }
    Ok(vec![Row::at_most(
        "page 10,000 of a million users, 100 per page: the slowest of eight orders",
        TARGET,
        slowest,
        "ms",
        &format!("`{slowest_order}`, measured by a client on the same machine"),
    )])
}

async fn page(client: &mut Users, order: &str) -> Result<f64> {
    let request = ListUsersRequest {
        page: 10_000,
        page_size: 100,
        order_by: order.to_owned(),
        ..ListUsersRequest::default()
    };
    let start = Instant::now();
    let mut users = client.list_users(request).await?.into_inner();
    let mut count = 0;
    while users.message().await?.is_some() {
        count += 1;
    }
    assert_eq!(count, 100, "a full page, ordered by {order}");
    Ok(start.elapsed().as_secs_f64() * 1_000.0)
}
