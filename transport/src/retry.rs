//! When to retry a call, and after which delay. No I/O.
//!
//! `backon` and `backoff` were considered: both drive a future to completion again, while a resumed
//! stream keeps its position between attempts and adds its delay to the server's `RetryInfo`.

use tonic::Code;

const INITIAL_BACKOFF_MS: f64 = 250.0;
const MAX_BACKOFF_MS: f64 = 30_000.0;

/// Whether the same call may succeed later, judging by its status code alone
/// (grpc/doc/statuscodes.md): the server was unavailable, the deadline was too short, or an
/// intermediary cancelled the call. (A client that cancels a call itself never sees its status.)
///
/// No other code is retryable as it stands. After `ABORTED` the caller has to repeat the whole
/// read-modify-write sequence. `RESOURCE_EXHAUSTED` is also used for oversized messages and quotas.
/// A `google.rpc.RetryInfo` in the status makes any code retryable.
#[must_use]
pub fn is_retryable(code: Code) -> bool {
    matches!(
        code,
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled
    )
}

/// The delay in milliseconds before the next attempt, after `failures` consecutive failures.
///
/// The upper limit doubles with each failure, from 250 ms to 30 s. `random`, between 0 and 1, places
/// the delay in the upper half of that range, so that clients which lost the same server do not
/// return at the same moment.
#[must_use]
pub fn backoff_ms(failures: u32, random: f64) -> f64 {
    let exponent = i32::try_from(failures.saturating_sub(1)).unwrap_or(i32::MAX);
    let limit = (INITIAL_BACKOFF_MS * 2_f64.powi(exponent)).min(MAX_BACKOFF_MS);
    limit * (0.5 + 0.5 * random.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_backoff_doubles_up_to_thirty_seconds() {
        let limits: Vec<_> = (1..=9).map(|failures| backoff_ms(failures, 1.0)).collect();
        let expected = [250.0, 500.0, 1e3, 2e3, 4e3, 8e3, 16e3, 30e3, 30e3];
        assert!(
            limits
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-9)
        );
        assert!((backoff_ms(u32::MAX, 1.0) - MAX_BACKOFF_MS).abs() < 1e-9);
    }

    #[test]
    fn half_of_the_backoff_is_random() {
        assert!((backoff_ms(3, 0.0) - 500.0).abs() < 1e-9);
        assert!((backoff_ms(3, 0.5) - 750.0).abs() < 1e-9);
        assert!((backoff_ms(3, 7.0) - 1_000.0).abs() < 1e-9);
    }

    #[test]
    fn only_transient_codes_are_retryable() {
        let retryable = [Code::Cancelled, Code::DeadlineExceeded, Code::Unavailable];
        for code in (0..=16).map(Code::from_i32) {
            assert_eq!(is_retryable(code), retryable.contains(&code), "{code:?}");
        }
    }
}
