//! Searches among a million users: how soon the first row is there.

use std::{collections::BTreeSet, time::Instant};

use frontdesk::user::{ListUsersRequest, user_service_client::UserServiceClient};
use rusqlite::{Connection, OpenFlags};
use tonic::transport::{Channel, Endpoint};

use crate::{
    Outcome,
    host::Host,
    people::People,
    report::Row,
    statistics::{at, median},
};

const USERS: u32 = 1_000_000;
const TERMS: usize = 1_000;
const AIM: f64 = 20.0;

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    let terms = terms(&people)?;
    let host = Host::frontdesk(people.data())?;
    let channel = Endpoint::from_shared(host.origin.clone())?
        .connect()
        .await?;
    let mut client = UserServiceClient::new(channel);
    // Does not count: it waits until everybody has been read.
    first_row(&mut client, "ada").await?;
    let mut times = Vec::with_capacity(terms.len());
    for term in &terms {
        times.push(first_row(&mut client, term).await?);
    }
    Ok(vec![
        Row::at_most(
            "1,000 different searches in a million users, first row: the slowest but 1 %",
            AIM,
            at(times.clone(), 0.99),
            "ms",
            "as a client on the same machine sees it",
        ),
        Row::told("in the middle", median(times), "ms", ""),
    ])
}

async fn first_row(client: &mut UserServiceClient<Channel>, term: &str) -> Outcome<f64> {
    let request = ListUsersRequest {
        query: term.to_owned(),
        ..ListUsersRequest::default()
    };
    let began = Instant::now();
    let mut users = client.list_users(request).await?.into_inner();
    users.message().await?;
    Ok(began.elapsed().as_secs_f64() * 1_000.0)
}

/// What people look for: names and parts of them, addresses and parts of them, numbers, and what
/// nobody is called.
fn terms(people: &People) -> Outcome<Vec<String>> {
    let database =
        Connection::open_with_flags(people.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut some = database.prepare("SELECT name, email FROM users WHERE id % 997 = 0")?;
    let mut rows = some.query([])?;
    let mut terms = BTreeSet::new();
    let mut number = 0_usize;
    while let Some(row) = rows.next()? {
        let (name, email): (String, String) = (row.get(0)?, row.get(1)?);
        let words: Vec<_> = name.split_whitespace().collect();
        let (first, last) = (words[0], words[words.len() - 1]);
        let short = |text: &str, length: usize| text.chars().take(length).collect::<String>();
        terms.insert(match number % 8 {
            0 => name.clone(),
            1 => last.to_lowercase(),
            2 => short(first, 3),
            3 => email.clone(),
            4 => short(&email, 6),
            5 => format!("{} {}", short(last, 4), short(first, 2)),
            6 => number.to_string(),
            _ => format!("{last}q"),
        });
        number += 1;
    }
    // What several are called counts once: numbers take its place.
    for number in 0.. {
        if terms.len() >= TERMS {
            break;
        }
        terms.insert(format!("{}", 100_000 + number * 7));
    }
    Ok(terms.into_iter().take(TERMS).collect())
}
