//! Compares two loads in alternating runs.

use crate::{Result, h2load::Load, statistics::median};

pub(crate) struct Comparison {
    /// The median of each load's requests per second.
    pub(crate) medians: [f64; 2],
    /// The median of the ratios of consecutive runs, first to second. What slows the machine down for
    /// a while affects both runs of a pair.
    pub(crate) ratio: f64,
}

/// Makes `runs` runs of each load, after one warm-up run of each.
pub(crate) fn compare(loads: &[Load<'_>; 2], runs: usize) -> Result<Comparison> {
    let [first, second] = loads;
    let (mut firsts, mut seconds, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..=runs {
        let (rate, other) = (first.run()?, second.run()?);
        if run > 0 {
            firsts.push(rate);
            seconds.push(other);
            ratios.push(rate / other);
        }
    }
    Ok(Comparison {
        medians: [median(firsts), median(seconds)],
        ratio: median(ratios),
    })
}
