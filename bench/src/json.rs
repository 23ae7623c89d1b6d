//! The same people as one JSON array, for a page to fetch: what a list is measured against.

use std::{net::SocketAddr, path::Path};

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::Outcome;

/// An empty page at `/`, everybody in `database` at `/users.json`.
///
/// The array is made once, before anybody asks: its making is no part of what is measured.
pub(crate) async fn serve(database: &Path) -> Outcome<SocketAddr> {
    let people = everybody(database)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            // One browser asks, one thing at a time; a connection that breaks is its affair.
            let _broken = answer(connection, &people).await;
        }
    });
    Ok(address)
}

async fn answer(mut connection: TcpStream, people: &str) -> Outcome {
    let mut request = vec![0; 16_384];
    let read = connection.read(&mut request).await?;
    let (kind, body) = if request[..read].starts_with(b"GET /users.json") {
        ("application/json", people)
    } else {
        (
            "text/html",
            "<!doctype html><title>JSON</title><link rel=icon href=data:,>",
        )
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nconnection: close\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await?;
    connection.write_all(body.as_bytes()).await?;
    Ok(connection.shutdown().await?)
}

fn everybody(database: &Path) -> Outcome<String> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection.prepare("SELECT id, name, email FROM users ORDER BY id")?;
    let people = statement.query_map([], |row| {
        let (id, name, email): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(json!({ "id": id, "name": name, "email": email }))
    })?;
    Ok(Value::Array(people.collect::<Result<_, _>>()?).to_string())
}
