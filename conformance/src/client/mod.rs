//! The client under test: hands what the runner says to a page in a browser, and what came of it
//! back.

mod browser;
mod desk;

use std::{error::Error, path::PathBuf, sync::Arc};

use tokio::{
    io::{stdin, stdout},
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    try_join,
};

use crate::delimited;
use browser::Browser;
use desk::{AT_ONCE, Desk, Job};

/// Answers the runner until it has no more calls, or until SIGTERM. `page` is the folder of the
/// page's files.
///
/// # Errors
///
/// Where there is no browser, or what it or the runner says makes no sense.
pub async fn run(page: PathBuf) -> Result<(), Box<dyn Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let (ask, asked) = mpsc::channel(1);
    let desk = Arc::new(Desk::new(page, asked));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let serving = tokio::spawn(desk.serve(listener));
    let mut browser = Browser::open(&origin)?;
    let ended = tokio::select! {
        ended = relay(ask) => ended,
        gone = browser.gone() => gone,
        _ = terminate.recv() => Ok(()),
    };
    serving.abort();
    browser.close().await;
    ended
}

/// Standard input to the page, and what the page answers to standard output, until both are over.
async fn relay(ask: mpsc::Sender<Job>) -> Result<(), Box<dyn Error>> {
    let (answer, mut answers) = mpsc::channel(AT_ONCE);
    let reading = async move {
        let mut stdin = stdin();
        while let Some(request) = delimited::read(&mut stdin).await? {
            let answer = answer.clone();
            let job = Job { request, answer };
            ask.send(job).await.map_err(|_| "the page asks no more")?;
        }
        Ok::<_, Box<dyn Error>>(())
    };
    let writing = async {
        let mut stdout = stdout();
        // Over when the last job is, each of which can send.
        while let Some(answer) = answers.recv().await {
            delimited::write(&mut stdout, &answer).await?;
        }
        Ok(())
    };
    try_join!(reading, writing)?;
    Ok(())
}
