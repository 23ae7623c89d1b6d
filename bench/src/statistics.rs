//! Statistics of several runs.

/// Not affected by a single disturbed run.
pub(crate) fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    match runs.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => runs[count / 2],
        count => f64::midpoint(runs[count / 2 - 1], runs[count / 2]),
    }
}

/// The value that a `share` of the runs does not exceed: 0.99 is the p99.
pub(crate) fn percentile(mut runs: Vec<f64>, share: f64) -> f64 {
    runs.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    let index = (runs.len() as f64 * share) as usize;
    runs.get(index.min(runs.len().saturating_sub(1)))
        .copied()
        .unwrap_or(f64::NAN)
}

/// Bytes in MiB.
pub(crate) fn mebibytes(bytes: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let bytes = bytes as f64;
    bytes / 1_048_576.0
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn an_outlier_does_not_change_the_median() {
        assert_eq!(median(vec![3.0, 1.0, 900.0]).to_bits(), 3.0_f64.to_bits());
        assert_eq!(
            median(vec![4.0, 1.0, 2.0, 900.0]).to_bits(),
            3.0_f64.to_bits()
        );
    }
}
