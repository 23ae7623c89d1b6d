//! When to try again, and for how long to wait: rules without I/O.

use tonic::Code;

/// The first wait.
const FIRST_MS: f64 = 250.0;
/// The longest wait.
const LONGEST_MS: f64 = 30_000.0;

/// Whether the same call may fare better later, by its status alone (`grpc/doc/statuscodes.md`): the
/// server was away, the call had too little time, or somebody on the way broke it off, as who makes
/// it does not wait for the end of one that it cancels.
///
/// All others want something else than patience. `ABORTED` wants what led to the call done anew.
/// `RESOURCE_EXHAUSTED` is said of messages that are too large, too, and of quotas; where waiting
/// helps, the server says for how long (`google.rpc.RetryInfo`), and that counts with any status.
#[must_use]
pub fn may_pass(code: Code) -> bool {
    matches!(
        code,
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled
    )
}

/// How long to wait after so many failures in a row, in milliseconds: twice as long each time, up
/// to half a minute. `random`, from 0 to 1, decides about half of it, so that many who were cut off
/// together do not come back together.
#[must_use]
pub fn wait_ms(failures: u32, random: f64) -> f64 {
    let exponent = i32::try_from(failures.saturating_sub(1)).unwrap_or(i32::MAX);
    let longest = (FIRST_MS * 2_f64.powi(exponent)).min(LONGEST_MS);
    longest * (0.5 + 0.5 * random.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_half_a_minute() {
        let longest: Vec<_> = (1..=9).map(|failures| wait_ms(failures, 1.0)).collect();
        let expected = [250.0, 500.0, 1e3, 2e3, 4e3, 8e3, 16e3, 30e3, 30e3];
        assert!(
            longest
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-9)
        );
        assert!((wait_ms(u32::MAX, 1.0) - LONGEST_MS).abs() < 1e-9);
    }

    #[test]
    fn chance_decides_about_half_of_it() {
        assert!((wait_ms(3, 0.0) - 500.0).abs() < 1e-9);
        assert!((wait_ms(3, 0.5) - 750.0).abs() < 1e-9);
        assert!((wait_ms(3, 7.0) - 1_000.0).abs() < 1e-9);
    }

    #[test]
    fn what_will_not_get_better_is_not_tried_again() {
        let pass = [Code::Cancelled, Code::DeadlineExceeded, Code::Unavailable];
        for code in (0..=16).map(Code::from_i32) {
            assert_eq!(may_pass(code), pass.contains(&code), "{code:?}");
        }
    }
}
