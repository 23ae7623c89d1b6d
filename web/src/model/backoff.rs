//! How long to wait before asking again whether the server is there.

/// While it is there: as long as a person may look at a list before its server is missed.
pub const STEADY_MS: f64 = 4_000.0;

const FIRST_MS: f64 = 1_000.0;
const LONGEST_MS: f64 = 8_000.0;

/// The wait after `failures` failures in a row, in milliseconds.
///
/// `chance` is drawn from 0 to 1: it spreads pages that lost the same server at the same moment.
#[must_use]
pub fn wait_ms(failures: u32, chance: f64) -> f64 {
    let Some(doublings) = failures.checked_sub(1) else {
        return STEADY_MS;
    };
    let full = (FIRST_MS * f64::from(1_u32 << doublings.min(8))).min(LONGEST_MS);
    full * (0.75 + 0.25 * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_from_one_second_to_eight() {
        let waits: Vec<f64> = (1..=6).map(|failures| wait_ms(failures, 1.0)).collect();
        assert_eq!(waits, [1e3, 2e3, 4e3, 8e3, 8e3, 8e3]);
        assert!((wait_ms(u32::MAX, 1.0) - 8e3).abs() < f64::EPSILON);
    }

    #[test]
    fn chance_takes_off_a_quarter_at_most() {
        assert!((wait_ms(3, 0.0) - 3e3).abs() < f64::EPSILON);
    }

    #[test]
    fn a_server_that_is_there_is_asked_less_often_than_one_that_has_just_gone() {
        assert!((wait_ms(0, 0.5) - STEADY_MS).abs() < f64::EPSILON);
    }
}
