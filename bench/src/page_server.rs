//! An HTTP server for one browser that makes sequential requests.

use std::sync::Arc;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::Result;

/// Makes no requests by itself.
pub(crate) const EMPTY_PAGE: &[u8] =
    b"<!doctype html><title>Frontdesk benchmarks</title><link rel=icon href=data:,>";

/// Content type and body.
pub(crate) type File = (&'static str, Vec<u8>);

/// Serves the file that `respond` returns for a path; returns the server's origin.
pub(crate) async fn serve<A, F>(respond: A) -> Result<String>
where
    A: Fn(String) -> F + Send + Sync + 'static,
    F: Future<Output = Result<File, String>> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let respond = Arc::new(respond);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            // The browser closes connections whenever it likes.
            let _ = handle(connection, &*respond).await;
        }
    });
    Ok(origin)
}

async fn handle<A, F>(mut connection: TcpStream, respond: &A) -> Result<(), String>
where
    A: Fn(String) -> F,
    F: Future<Output = Result<File, String>>,
{
    let to_text = |error: std::io::Error| error.to_string();
    let mut request = vec![0; 16_384];
    let read = connection.read(&mut request).await.map_err(to_text)?;
    let request = String::from_utf8_lossy(&request[..read]);
    let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
    let (content_type, body) = respond(path).await?;
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nconnection: close\r\n\r\n",
        body.len()
    );
    connection
        .write_all(head.as_bytes())
        .await
        .map_err(to_text)?;
    connection.write_all(&body).await.map_err(to_text)?;
    connection.shutdown().await.map_err(to_text)
}
