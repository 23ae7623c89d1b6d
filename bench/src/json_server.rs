//! The users as one JSON array: the baseline for lists in the page.

use std::{path::Path, sync::Arc};

use rusqlite::{Connection, OpenFlags};
use serde::Serialize;

use crate::{
    Result,
    page_server::{self, EMPTY_PAGE},
};

const JSON: &str = "application/json";

/// Serves an empty page at `/`, the users in `database` at `/users.json`, read and encoded for each
/// request as a list over gRPC is, and at `/ready.json` the same array, encoded once.
pub(crate) async fn serve(database: &Path) -> Result<String> {
    let database: Arc<Path> = Arc::from(database);
    let ready = encode_users(&database)?;
    page_server::serve(move |path| {
        let (database, ready) = (Arc::clone(&database), ready.clone());
        async move {
            Ok(match path.as_str() {
                "/users.json" => {
                    let read = move || encode_users(&database).map_err(|error| error.to_string());
                    let encoded = tokio::task::spawn_blocking(read).await;
                    (JSON, encoded.map_err(|error| error.to_string())??)
                }
                "/ready.json" => (JSON, ready),
                _ => ("text/html", EMPTY_PAGE.to_vec()),
            })
        }
    })
    .await
}

/// The same fields as in a list.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: i64,
    name: String,
    email: String,
    revision: i64,
    /// In milliseconds, the cheapest representation for a page.
    update_time: i64,
    sample: bool,
}

fn encode_users(database: &Path) -> Result<Vec<u8>> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection
        .prepare("SELECT id, name, email, revision, update_time, sample FROM users ORDER BY id")?;
    let users = statement
        .query_map([], |row| {
            Ok(User {
                id: row.get(0)?,
                name: row.get(1)?,
                email: row.get(2)?,
                revision: row.get(3)?,
                update_time: row.get(4)?,
                sample: row.get(5)?,
            })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(serde_json::to_vec(&users)?)
}
