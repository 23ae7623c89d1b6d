//! The client under test: passes the runner's calls to a page in a browser, and the results back.

mod browser;
mod job_server;

use std::{error::Error, path::PathBuf, sync::Arc};

use browser::Browser;
use job_server::{Job, JobServer, MAX_CONCURRENT_CALLS};
use tokio::{
    io::{stdin, stdout},
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    try_join,
};

use crate::delimited;

/// Makes the calls on standard input until its end, or until SIGTERM. `page_folder` holds the
/// page's files.
///
/// # Errors
///
/// If the browser does not start or ends, or standard input is invalid.
pub async fn run(page_folder: PathBuf) -> Result<(), Box<dyn Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let (job_sender, jobs) = mpsc::channel(1);
    let server = Arc::new(JobServer::new(page_folder, jobs));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let serving = tokio::spawn(server.serve(listener));
    let mut browser = Browser::open(&origin)?;
    let result = tokio::select! {
        result = relay(job_sender) => result,
        exit = browser.unexpected_exit() => exit,
        _ = terminate.recv() => Ok(()),
    };
    serving.abort();
    browser.close().await;
    result
}

/// Passes calls from standard input to the page and results to standard output, until all calls
/// have ended.
async fn relay(jobs: mpsc::Sender<Job>) -> Result<(), Box<dyn Error>> {
    let (result_sender, mut results) = mpsc::channel(MAX_CONCURRENT_CALLS);
    let read_calls = async move {
        let mut stdin = stdin();
        while let Some(request) = delimited::read(&mut stdin).await? {
            let results = result_sender.clone();
            let job = Job { request, results };
            jobs.send(job)
                .await
                .map_err(|_| "the job server has ended")?;
        }
        Ok::<_, Box<dyn Error>>(())
    };
    let write_results = async {
        let mut stdout = stdout();
        // Ends when every job, each of which holds a sender, has ended.
        while let Some(result) = results.recv().await {
            delimited::write(&mut stdout, &result).await?;
        }
        Ok(())
    };
    try_join!(read_calls, write_results)?;
    Ok(())
}
