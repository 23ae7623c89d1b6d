//! Page 10,000 of a million users, whatever they are ordered by.

use std::time::Instant;

use frontdesk::user::{ListUsersRequest, user_service_client::UserServiceClient};
use tonic::transport::{Channel, Endpoint};

use crate::{Outcome, host::Host, people::People, report::Row, statistics::median};

const USERS: u32 = 1_000_000;
const RUNS: usize = 21;
const AIM: f64 = 10.0;
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

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    let host = Host::frontdesk(people.data())?;
    let channel = Endpoint::from_shared(host.origin.clone())?
        .connect()
        .await?;
    let mut client = UserServiceClient::new(channel);
    let (mut slowest, mut which) = (0.0, "");
    for order in ORDERS {
        // The first does not count: it reads from the disk.
        page(&mut client, order).await?;
        let mut times = Vec::new();
        for _ in 0..RUNS {
            times.push(page(&mut client, order).await?);
        }
        let time = median(times);
        if time > slowest {
            (slowest, which) = (time, order);
        }
    }
    Ok(vec![Row::at_most(
        "page 10,000 of a million users in 100 each, the slowest of eight orders",
        AIM,
        slowest,
        "ms",
        &format!("`{which}`, as a client on the same machine sees it"),
    )])
}

async fn page(client: &mut UserServiceClient<Channel>, order: &str) -> Outcome<f64> {
    let request = ListUsersRequest {
        page: 10_000,
        page_size: 100,
        order_by: order.to_owned(),
        ..ListUsersRequest::default()
    };
    let began = Instant::now();
    let mut users = client.list_users(request).await?.into_inner();
    let mut count = 0;
    while users.message().await?.is_some() {
        count += 1;
    }
    assert_eq!(count, 100, "a whole page, by {order}");
    Ok(began.elapsed().as_secs_f64() * 1_000.0)
}
