//! The same people as one JSON array, for a page to fetch: what a list is measured against.

use std::{path::Path, sync::Arc};

use rusqlite::{Connection, OpenFlags};
use serde::Serialize;

use crate::{
    Outcome,
    http::{self, EMPTY_PAGE},
};

const JSON: &str = "application/json";

/// An empty page at `/`; everybody in `database` at `/users.json`, read and written as JSON when
/// somebody asks, as a list over gRPC is; and at `/ready.json` the same array, made beforehand.
pub(crate) async fn serve(database: &Path) -> Outcome<String> {
    let database: Arc<Path> = Arc::from(database);
    let ready = everybody(&database)?;
    http::serve(move |path| {
        let (database, ready) = (Arc::clone(&database), ready.clone());
        async move {
            Ok(match path.as_str() {
                "/users.json" => {
                    let read = move || everybody(&database).map_err(|error| error.to_string());
                    let made = tokio::task::spawn_blocking(read).await;
                    (JSON, made.map_err(|error| error.to_string())??)
                }
                "/ready.json" => (JSON, ready),
                _ => ("text/html", EMPTY_PAGE.to_vec()),
            })
        }
    })
    .await
}

/// What a list says of each, no more and no less.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Person {
    id: i64,
    name: String,
    email: String,
    revision: i64,
    /// Milliseconds: what a page has least work with.
    update_time: i64,
    sample: bool,
}

fn everybody(database: &Path) -> Outcome<Vec<u8>> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection
        .prepare("SELECT id, name, email, revision, update_time, sample FROM users ORDER BY id")?;
    let people = statement
        .query_map([], |row| {
            Ok(Person {
                id: row.get(0)?,
                name: row.get(1)?,
                email: row.get(2)?,
                revision: row.get(3)?,
                update_time: row.get(4)?,
                sample: row.get(5)?,
            })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(serde_json::to_vec(&people)?)
}
