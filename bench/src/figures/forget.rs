//! Single writes, while a million changes are let go of.

use std::time::Instant;

use frontdesk::user::{CreateUserRequest, user_service_client::UserServiceClient};
use rusqlite::{Connection, OpenFlags};
use tonic::transport::{Channel, Endpoint};

use crate::{
    Outcome,
    host::Host,
    people::People,
    report::{Row, number},
    statistics::at,
};

const USERS: u32 = 1_000_000;
/// How many changes are to be left; measured is until it is near.
const KEPT: i64 = 1_000;
const NEAR: i64 = 20_000;
const AIM: f64 = 50.0;

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    let kept = KEPT.to_string();
    let host = Host::frontdesk_with(people.data(), &["--record-changes", &kept])?;
    let channel = Endpoint::from_shared(host.origin.clone())?
        .connect()
        .await?;
    let mut users = UserServiceClient::new(channel);
    let db = Connection::open_with_flags(people.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // The first waits until everybody's texts are read; from then on it is writing alone.
    write(&mut users, 0).await?;
    let before = on_record(&db)?;
    let mut times = Vec::new();
    let began = Instant::now();
    while on_record(&db)? > NEAR {
        for _ in 0..50 {
            times.push(write(&mut users, times.len() + 1).await?);
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    let (count, usual, last) = (times.len(), at(times.clone(), 0.5), at(times.clone(), 0.99));
    let slowest = at(times, 1.0);
    #[expect(clippy::cast_precision_loss, reason = "a million, and some thousands")]
    let (gone, count) = ((before - NEAR) as f64, count as f64);
    Ok(vec![Row::at_most(
        "a write while a million changes are let go of: the slowest",
        AIM,
        slowest,
        "ms",
        &format!(
            "of {}; in the middle {}, the last but 1 % {}; {} changes a second went meanwhile",
            number(count),
            number(usual),
            number(last),
            number(gone / seconds)
        ),
    )])
}

fn on_record(db: &Connection) -> Outcome<i64> {
    let sql = "SELECT revision - oldest_revision + 1 FROM directory";
    Ok(db.query_row(sql, [], |row| row.get(0))?)
}

/// How many milliseconds it takes.
async fn write(users: &mut UserServiceClient<Channel>, number: usize) -> Outcome<f64> {
    let request = CreateUserRequest {
        name: "Olívia Writer".to_owned(),
        email: format!("forgotten{number}@example.org"),
        request_id: String::new(),
    };
    let began = Instant::now();
    users.create_user(request).await?;
    Ok(began.elapsed().as_secs_f64() * 1_000.0)
}
