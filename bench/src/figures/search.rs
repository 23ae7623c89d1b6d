//! Searches among a million users: the time to the first row.

use std::{collections::BTreeSet, time::Instant};

use frontdesk::user::ListUsersRequest;
use rusqlite::{Connection, OpenFlags};

use crate::{
    Result,
    report::Row,
    sample_directory::SampleDirectory,
    server_process::{ServerProcess, Users},
    statistics::{median, percentile},
};

const USERS: u32 = 1_000_000;
const TERMS: usize = 1_000;
const TARGET: f64 = 20.0;

pub(super) async fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    let terms = search_terms(&directory)?;
    let server = ServerProcess::start(directory.folder())?;
    let mut client = server.users().await?;
    // Warm-up: waits until the search index is loaded.
    first_row(&mut client, "ada").await?;
    let mut times = Vec::with_capacity(terms.len());
    for term in &terms {
        times.push(first_row(&mut client, term).await?);
    }
    Ok(vec![
        Row::at_most(
            "1,000 different searches among a million users, first row: p99",
            TARGET,
            percentile(times.clone(), 0.99),
            "ms",
            "measured by a client on the same machine",
        ),
        Row::info("the same, p50", median(times), "ms", ""),
    ])
}

async fn first_row(client: &mut Users, term: &str) -> Result<f64> {
    let request = ListUsersRequest {
        query: term.to_owned(),
        ..ListUsersRequest::default()
    };
    let start = Instant::now();
    let mut users = client.list_users(request).await?.into_inner();
    users.message().await?;
    Ok(start.elapsed().as_secs_f64() * 1_000.0)
}

/// Distinct search terms: names, emails and their prefixes, numbers, and terms without a match.
fn search_terms(directory: &SampleDirectory) -> Result<Vec<String>> {
    let database =
        Connection::open_with_flags(directory.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = database.prepare("SELECT name, email FROM users WHERE id % 997 = 0")?;
    let mut rows = statement.query([])?;
    let mut terms = BTreeSet::new();
    let mut number = 0_usize;
    while let Some(row) = rows.next()? {
        let (name, email): (String, String) = (row.get(0)?, row.get(1)?);
        let words: Vec<_> = name.split_whitespace().collect();
        let (first, last) = (words[0], words[words.len() - 1]);
        let prefix = |text: &str, length: usize| text.chars().take(length).collect::<String>();
        terms.insert(match number % 8 {
            0 => name.clone(),
            1 => last.to_lowercase(),
            2 => prefix(first, 3),
            3 => email.clone(),
            4 => prefix(&email, 6),
            5 => format!("{} {}", prefix(last, 4), prefix(first, 2)),
            6 => number.to_string(),
            _ => format!("{last}q"),
        });
        number += 1;
    }
    // Numbers replace terms that occurred twice.
    for number in 0.. {
        if terms.len() >= TERMS {
            break;
        }
        terms.insert(format!("{}", 100_000 + number * 7));
    }
    Ok(terms.into_iter().take(TERMS).collect())
}
