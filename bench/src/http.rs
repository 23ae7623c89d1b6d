//! A server for one browser, which asks for one thing at a time.

use std::sync::Arc;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use crate::Outcome;

/// An empty page that asks for nothing by itself.
pub(crate) const EMPTY_PAGE: &[u8] =
    b"<!doctype html><title>Frontdesk's figures</title><link rel=icon href=data:,>";

/// What is answered: its media type, and the bytes.
pub(crate) type Answer = (&'static str, Vec<u8>);

/// Answers every request for a path as `answer` says; the server's origin.
pub(crate) async fn serve<A, F>(answer: A) -> Outcome<String>
where
    A: Fn(String) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Answer, String>> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            // A connection that breaks is the browser's affair.
            let _broken = exchange(connection, &*answer).await;
        }
    });
    Ok(origin)
}

async fn exchange<A, F>(mut connection: TcpStream, answer: &A) -> Result<(), String>
where
    A: Fn(String) -> F,
    F: Future<Output = Result<Answer, String>>,
{
    let text = |error: std::io::Error| error.to_string();
    let mut request = vec![0; 16_384];
    let read = connection.read(&mut request).await.map_err(text)?;
    let request = String::from_utf8_lossy(&request[..read]);
    let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
    let (kind, body) = answer(path).await?;
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nconnection: close\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).await.map_err(text)?;
    connection.write_all(&body).await.map_err(text)?;
    connection.shutdown().await.map_err(text)
}
