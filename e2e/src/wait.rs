use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::TestResult;

/// Longer than anything takes on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(30);
const INTERVAL: Duration = Duration::from_millis(25);

/// Polls `probe` until it returns a value. `what` is part of the error after 30 s.
///
/// Driver errors count as "not yet": elements can be replaced at any time.
pub async fn until<T>(
    what: &str,
    mut probe: impl AsyncFnMut() -> TestResult<Option<T>>,
) -> TestResult<T> {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        let last = match probe().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => String::new(),
            Err(error) => format!(" ({error})"),
        };
        if Instant::now() > deadline {
            return Err(format!("timed out waiting for {what}{last}").into());
        }
        sleep(INTERVAL).await;
    }
}
