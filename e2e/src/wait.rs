//! Waiting for something to become true; no test sleeps and hopes.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::Outcome;

/// Longer than anything takes on a machine that is alive and busy.
const PATIENCE: Duration = Duration::from_secs(30);
const TICK: Duration = Duration::from_millis(25);

/// Asks `probe` until it finds something. `what` is said when it never does.
///
/// Errors of the driver count as «not yet»: elements come and go while a page is at work.
pub async fn until<T>(
    what: &str,
    mut probe: impl AsyncFnMut() -> Outcome<Option<T>>,
) -> Outcome<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let last = match probe().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => String::new(),
            Err(error) => format!(" ({error})"),
        };
        if Instant::now() > deadline {
            return Err(format!("waited in vain for {what}{last}").into());
        }
        sleep(TICK).await;
    }
}
