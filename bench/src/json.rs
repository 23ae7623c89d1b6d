//! The same people as one JSON array, for a page to fetch: what a list is measured against.

use std::{net::SocketAddr, path::Path, sync::Arc};

use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::Outcome;

/// An empty page at `/`; everybody in `database` at `/users.json`, read and written as JSON when
/// somebody asks, as a list over gRPC is; and at `/ready.json` the same array, made beforehand.
pub(crate) async fn serve(database: &Path) -> Outcome<SocketAddr> {
    let database = Arc::from(database);
    let ready = everybody(&database)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            // One browser asks, one thing at a time; a connection that breaks is its affair.
            let _broken = answer(connection, &database, &ready).await;
        }
    });
    Ok(address)
}

async fn answer(mut connection: TcpStream, database: &Arc<Path>, ready: &[u8]) -> Outcome {
    let mut request = vec![0; 16_384];
    let read = connection.read(&mut request).await?;
    let made;
    let (kind, body) = if request[..read].starts_with(b"GET /users.json") {
        let database = Arc::clone(database);
        made =
            tokio::task::spawn_blocking(move || everybody(&database).map_err(|it| it.to_string()))
                .await??;
        ("application/json", &made[..])
    } else if request[..read].starts_with(b"GET /ready.json") {
        ("application/json", ready)
    } else {
        (
            "text/html",
            &b"<!doctype html><title>JSON</title><link rel=icon href=data:,>"[..],
        )
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nconnection: close\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await?;
    connection.write_all(body).await?;
    Ok(connection.shutdown().await?)
}

#[derive(Serialize)]
struct Person {
    id: i64,
    name: String,
    email: String,
}

fn everybody(database: &Path) -> Outcome<Vec<u8>> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection.prepare("SELECT id, name, email FROM users ORDER BY id")?;
    let people = statement
        .query_map([], |row| {
            Ok(Person {
                id: row.get(0)?,
                name: row.get(1)?,
                email: row.get(2)?,
            })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(serde_json::to_vec(&people)?)
}
