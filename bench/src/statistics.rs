//! What is made of several runs of the same.

/// The middle of the runs: one that was disturbed does not move it.
pub(crate) fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    match runs.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => runs[count / 2],
        count => f64::midpoint(runs[count / 2 - 1], runs[count / 2]),
    }
}

/// The one that so much of them are not above: of 0.99, the slowest but one in a hundred.
pub(crate) fn at(mut runs: Vec<f64>, share: f64) -> f64 {
    runs.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a place in a list"
    )]
    let place = (runs.len() as f64 * share) as usize;
    runs.get(place.min(runs.len().saturating_sub(1)))
        .copied()
        .unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn one_that_was_disturbed_does_not_move_the_median() {
        assert_eq!(median(vec![3.0, 1.0, 900.0]).to_bits(), 3.0_f64.to_bits());
        assert_eq!(
            median(vec![4.0, 1.0, 2.0, 900.0]).to_bits(),
            3.0_f64.to_bits()
        );
    }
}
