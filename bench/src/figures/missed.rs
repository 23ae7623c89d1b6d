//! Somebody who has missed a million changes.

use std::{hint::black_box, time::Instant};

use frontdesk::user::{
    WatchUsersRequest, user_event::Kind, user_service_client::UserServiceClient,
};
use tonic::transport::{Channel, Endpoint};

use crate::{Outcome, host::Host, people::People, report::Row, statistics::median};

const CHANGES: u32 = 1_000_000;
const RUNS: usize = 5;
const AIM: f64 = 300_000.0;

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    // Each of these people is a change.
    let people = People::seeded(CHANGES)?;
    let host = Host::frontdesk(people.data())?;
    let channel = Endpoint::from_shared(host.origin.clone())?
        .connect()
        .await?;
    let mut client = UserServiceClient::new(channel);
    // Does not count: it reads from the disk.
    catch_up(&mut client).await?;
    let mut rates = Vec::new();
    for _ in 0..RUNS {
        rates.push(f64::from(CHANGES) / catch_up(&mut client).await?);
    }
    Ok(vec![Row::at_least(
        "`WatchUsers` from the beginning of a million changes, native client",
        AIM,
        median(rates),
        "events a second",
        "",
    )])
}

/// The seconds until all have been told.
async fn catch_up(client: &mut UserServiceClient<Channel>) -> Outcome<f64> {
    let request = WatchUsersRequest {
        from_revision: Some(0),
        ..WatchUsersRequest::default()
    };
    let began = Instant::now();
    let mut events = client.watch_users(request).await?.into_inner();
    let mut count = 0;
    while let Some(event) = events.message().await? {
        if event.kind() == Kind::Bookmark {
            break;
        }
        black_box(event);
        count += 1;
    }
    assert_eq!(count, CHANGES, "all of them, once");
    Ok(began.elapsed().as_secs_f64())
}
